import { access, open, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join, posix, win32 } from 'node:path';

/** The machine as far as finding an engine needs it; injected so that every platform can be tested on any. */
export interface HostFacts {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
  readonly userId?: number;
  /** Undefined when there is no such file, or it is too large for a file of the Docker CLI. */
  readonly readText: (path: string) => Promise<string | undefined>;
  /** Names in a folder; empty when there is none. Absent: contexts cannot be listed. */
  readonly listNames?: (path: string) => Promise<readonly string[]>;
}

const MAX_TEXT_BYTES = 1024 * 1024;

const PROGRAMS = ['docker', 'dockerd', 'podman', 'docker.exe', 'podman.exe'];
const APPLICATIONS = [
  '/Applications/Docker.app',
  '/Applications/OrbStack.app',
  '/Applications/Rancher Desktop.app',
  'C:\\Program Files\\Docker\\Docker\\Docker Desktop.exe',
];

/** This machine. */
export function readHostFacts(env: NodeJS.ProcessEnv = process.env): HostFacts {
  const userId = process.getuid?.();
  return {
    platform: process.platform,
    env,
    homeDir: homedir(),
    ...(userId === undefined ? {} : { userId }),
    // An unreadable file of the Docker CLI counts as absent, as for the CLI itself.
    readText: (path) => readSmallFile(path).catch(() => undefined),
    listNames: (path) => readdir(path).catch(() => []),
  };
}

/** Folder of the Docker CLI's files. */
export function configFolder(facts: HostFacts): string {
  return facts.env.DOCKER_CONFIG || joinPath(facts, facts.homeDir, '.docker');
}

/** As `join` of the machine that the facts are about. */
export function joinPath({ platform }: Pick<HostFacts, 'platform'>, ...parts: string[]): string {
  return (platform === 'win32' ? win32 : posix).join(...parts);
}

async function readSmallFile(path: string): Promise<string | undefined> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    return size > MAX_TEXT_BYTES ? undefined : await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** Looks for the program of an engine, without running anything. */
export async function isEngineInstalled(env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const sbin = process.platform === 'win32' ? [] : ['/usr/bin', '/usr/sbin', '/usr/local/bin'];
  const places = [...new Set([...folders, ...sbin])].flatMap((folder) =>
    PROGRAMS.map((name) => join(folder, name)),
  );
  const found = await Promise.all(
    [...places, ...APPLICATIONS].map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
