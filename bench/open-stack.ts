import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DockerEngine } from '../src/main/engine/docker/docker-engine.ts';
import { SandboxEngine } from '../src/main/engine/sandbox/sandbox-engine.ts';
import type { StackEngine } from '../src/main/engine/stack-engine.ts';
import { Disposables } from '../src/main/lifetime/disposables.ts';
import { silentLogger } from '../src/main/lifetime/logger.ts';
import { openPanel, type Panel } from '../src/main/panel.ts';
import { openWorkspace } from '../src/main/workspace/open-workspace.ts';

const BUNDLE = fileURLToPath(new URL('../stack/', import.meta.url));
const VERSION = 'bench';
const CONNECT_LIMIT_MS = 15_000;
const run = promisify(execFile);

/** The panel over a running stack, in a temporary workspace with a project name, ports and a subnet of its own. */
export interface OpenStack {
  readonly panel: Panel;
  readonly skills: string;
  readonly gatewayUrl: string;
  readonly apiKey: string;
  readonly adminKey: string;
  readonly against: string;
  /** Leaves nothing: no process, container, network, volume, built image or file. */
  close(): Promise<void>;
}

/** Brings the bundled stack up with the services of the panel itself. Rejects when the engine is missing. */
export async function openStack(kind: 'docker' | 'sandbox'): Promise<OpenStack> {
  const directory = await mkdtemp(path.join(tmpdir(), 'skilldeck-bench-'));
  const project = `skilldeck-bench-${process.pid}`;
  const disposables = new Disposables((name, error) => console.error(`${name} did not end cleanly`, error));
  let stop = async (): Promise<void> => {};
  const clean = async (): Promise<void> => {
    await stop();
    await disposables.dispose();
    if (kind === 'docker') await removeBuilt(project);
    await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const gatewayPort = await freePort();
    await writeFile(path.join(directory, '.env'), await environment(project, gatewayPort));
    const workspace = await openWorkspace({ directory, bundleDir: BUNDLE, version: VERSION });
    const engine: StackEngine =
      kind === 'docker' ? new DockerEngine() : sandboxEngine(workspace.paths.sandbox);
    const { version } = await engine.connect(AbortSignal.timeout(CONNECT_LIMIT_MS));
    const panel = await openPanel({
      workspace,
      engine,
      host: {
        openExternal: async () => {},
        openPath: async () => {},
        chooseModelFile: async () => undefined,
        secrets: {
          available: () => false,
          get: () => undefined,
          set: async () => {},
          delete: async () => {},
        },
      },
      logger: silentLogger,
      disposables,
      env: process.env,
    });
    stop = async () => {
      panel.stack.stop();
      await panel.stack.whenIdle();
    };
    await untilRunning(panel);
    return {
      panel,
      skills: workspace.paths.skills,
      gatewayUrl: `http://127.0.0.1:${gatewayPort}`,
      apiKey: workspace.settings.apiKey,
      adminKey: workspace.settings.adminKey,
      against: kind === 'docker' ? `gateway container, Docker ${version}` : 'gateway process of the sandbox',
      close: clean,
    };
  } catch (error) {
    await clean();
    throw error;
  }
}

function sandboxEngine(stateDir: string): StackEngine {
  return new SandboxEngine({
    bundleDir: BUNDLE,
    stateDir,
    node: { path: process.execPath, env: {} },
    version: VERSION,
    logger: silentLogger,
  });
}

async function untilRunning({ stack, skills }: Panel): Promise<void> {
  stack.start();
  const record = await stack.whenIdle();
  if (record?.outcome !== 'done')
    throw new Error(`The stack did not start: ${JSON.stringify(record?.error ?? record?.outcome)}`);
  // The panel follows the engine; its services know of the gateway a moment later.
  for await (const { gateway } of skills.subscribe(AbortSignal.timeout(CONNECT_LIMIT_MS)))
    if (gateway.kind === 'live') return;
  throw new Error('The panel did not find its gateway.');
}

async function environment(project: string, gatewayPort: number): Promise<string> {
  return `${[
    `SKILLDECK_PROJECT=${project}`,
    `GATEWAY_PORT=${gatewayPort}`,
    `FILE_MANAGER_PORT=${await freePort()}`,
    `HTTPS_PORT=${await freePort()}`,
    `SKILLDECK_SUBNET=10.${200 + (process.pid % 50)}.${process.pid % 250}.0/24`,
  ].join('\n')}\n`;
}

/** What a stop keeps for the next start: volumes and the images that were built. */
async function removeBuilt(project: string): Promise<void> {
  const lines = async (...args: string[]): Promise<string[]> =>
    (await run('docker', args)).stdout.split('\n').filter(Boolean);
  const filter = `label=com.docker.compose.project=${project}`;
  for (const id of await lines('ps', '-aq', '--filter', filter)) await run('docker', ['rm', '-f', id]);
  for (const id of await lines('network', 'ls', '-q', '--filter', filter))
    await run('docker', ['network', 'rm', id]);
  for (const name of await lines('volume', 'ls', '-q', '--filter', filter))
    await run('docker', ['volume', 'rm', name]);
  for (const image of await lines('images', '--format', '{{.Repository}}:{{.Tag}}', `${project}-*`))
    await run('docker', ['rmi', '-f', image]);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
