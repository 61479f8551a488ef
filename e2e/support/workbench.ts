import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts } from './free-ports.ts';

export interface WorkbenchOptions {
  readonly engine: 'docker' | 'sandbox';
  readonly language?: 'en' | 'zh';
  readonly theme?: 'light' | 'dark';
  readonly autoStartSandbox?: boolean;
}

/** A fresh profile and workspace in a temporary folder, on free ports, under a project name of its own. */
export interface Workbench {
  readonly root: string;
  readonly profile: string;
  readonly workspace: string;
  readonly project: string;
  readonly ports: { readonly gateway: number; readonly fileManager: number; readonly https: number };
  /** A value of the workspace's `.env`. */
  env(name: string): Promise<string>;
  remove(): Promise<void>;
}

export async function createWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const root = await mkdtemp(path.join(tmpdir(), 'skilldeck-e2e-'));
  const profile = path.join(root, 'profile');
  const workspace = path.join(root, 'workspace');
  const suffix = randomBytes(3).toString('hex');
  const project = `skilldeck-e2e-${suffix}`;
  const [gateway = 0, fileManager = 0, https = 0] = await freePorts(3);
  await mkdir(profile, { recursive: true });
  await mkdir(workspace, { recursive: true });
  await writeFile(
    path.join(profile, 'settings.json'),
    JSON.stringify({
      language: options.language ?? 'en',
      theme: options.theme ?? 'dark',
      engine: options.engine,
      autoStartSandbox: options.autoStartSandbox ?? true,
    }),
  );
  // What is set here is kept; the app adds what is missing.
  await writeFile(
    path.join(workspace, '.env'),
    [
      `SKILLDECK_PROJECT=${project}`,
      `GATEWAY_PORT=${gateway}`,
      `FILE_MANAGER_PORT=${fileManager}`,
      `HTTPS_PORT=${https}`,
      `SKILLDECK_SUBNET=10.${(Number.parseInt(suffix.slice(0, 2), 16) % 100) + 100}.${Number.parseInt(suffix.slice(2, 4), 16)}.0/24`,
      '',
    ].join('\n'),
  );
  return {
    root,
    profile,
    workspace,
    project,
    ports: { gateway, fileManager, https },
    async env(name) {
      const text = await readFile(path.join(workspace, '.env'), 'utf8');
      const value = new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1];
      if (value === undefined) throw new Error(`.env has no ${name}`);
      return value.replace(/^(["'])(.*)\1$/, '$2');
    },
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}
