import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const GATEWAY = fileURLToPath(new URL('../../stack/ai-gateway/dist/server.js', import.meta.url));
const UPSTREAM = fileURLToPath(new URL('./upstream.mjs', import.meta.url));
const START_LIMIT_MS = 30_000;
const POLL_MS = 50;

/** A program that listens. */
export interface Running {
  readonly url: string;
  readonly pid: number;
  close(): Promise<void>;
}

export interface RunningGateway extends Running {
  /** Of its own: configuration, skills, keys. */
  readonly directory: string;
}

export interface UpstreamOptions {
  readonly delayMs?: number;
  /** Each answer comes by up to so much earlier or later. */
  readonly spreadMs?: number;
  readonly chunks?: number;
  readonly chunkMs?: number;
}

/** The upstream of {@link UPSTREAM}, in a process of its own. */
export async function startUpstream(options: UpstreamOptions = {}): Promise<Running> {
  const { chunkMs = 0, chunks = 20, delayMs = 0, spreadMs = 0 } = options;
  const port = await freePort();
  const env = {
    DELAY_MS: String(delayMs),
    SPREAD_MS: String(spreadMs),
    CHUNKS: String(chunks),
    CHUNK_MS: String(chunkMs),
    PORT: String(port),
  };
  const child = start([UPSTREAM], env);
  return opened(child, `http://127.0.0.1:${port}`, '/stats');
}

/** The built gateway as it runs in its container, over a folder of its own. */
export async function startGateway(
  config: object,
  variables: Readonly<Record<string, string>> = {},
): Promise<RunningGateway> {
  const directory = await mkdtemp(path.join(tmpdir(), 'skilldeck-bench-gateway-'));
  await mkdir(path.join(directory, 'skills'), { recursive: true });
  const file = path.join(directory, 'config.json');
  await writeFile(file, JSON.stringify(config));
  const port = await freePort();
  const env = {
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: directory,
    CONFIG_PATH: file,
    NODE_ENV: 'production',
    ...variables,
  };
  const running = await opened(start([GATEWAY], env), `http://127.0.0.1:${port}`, '/readyz');
  return {
    ...running,
    directory,
    close: async () => {
      await running.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Any other program that answers `GET path` with a success once it is there. */
export function startProgram(
  command: string,
  args: readonly string[],
  url: string,
  probe: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...baseEnvironment(), ...env },
  });
  return opened(child, url, probe);
}

/** Resident memory now, in MB. */
export async function residentMB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}

function start(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, args, {
    // Nobody reads its log; as in a container it is written all the same.
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...baseEnvironment(), ...env },
  });
}

function baseEnvironment(): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };
}

async function opened(child: ChildProcess, url: string, probe: string): Promise<Running> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async () => {
    child.kill('SIGTERM');
    await Promise.race([ended, sleep(5000).then(() => child.kill('SIGKILL'))]);
    await ended;
  };
  const deadline = performance.now() + START_LIMIT_MS;
  for (;;) {
    const response = await fetch(`${url}${probe}`).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok === true) return { url, pid: child.pid ?? 0, close };
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`${child.spawnargs.join(' ')} did not answer at ${url}${probe}.`);
    }
    await sleep(POLL_MS);
  }
}
