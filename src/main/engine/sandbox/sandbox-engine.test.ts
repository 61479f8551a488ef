import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Project, SandboxSpec, Service } from '../../compose/project.ts';
import { silentLogger } from '../../lifetime/logger.ts';
import type { Operation } from '../../plan/operation.ts';
import { Leftovers } from './leftovers.ts';
import { SandboxEngine } from './sandbox-engine.ts';

const SERVER = `
import { createServer } from 'node:http';
console.log('starting with ' + (process.env.GREETING ?? 'nothing'));
let isWell = true;
createServer((request, response) => {
  if (request.url === '/crash') process.exit(3);
  if (request.url === '/sicken') isWell = false;
  response.statusCode = isWell ? 200 : 500;
  response.end(isWell ? 'fine' : 'the database is away');
}).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
if (process.env.STUBBORN) process.on('SIGTERM', () => console.error('not yet'));
`;

let directory: string;
let port: number;
let engine: SandboxEngine;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'skilldeck-sandbox-'));
  await writeFile(path.join(directory, 'server.mjs'), SERVER);
  port = await freePort();
  engine = openEngine();
});
afterEach(async () => {
  await engine.dispose();
  await rm(directory, { recursive: true });
});

function openEngine(): SandboxEngine {
  return new SandboxEngine({
    bundleDir: directory,
    stateDir: path.join(directory, 'state'),
    node: { path: process.execPath, env: {} },
    version: '1',
    logger: silentLogger,
    processEnv: { PATH: process.env.PATH, SECRET_OF_THE_PANEL: 'x' },
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function project(overrides: Partial<SandboxSpec> = {}, service: Partial<Service> = {}): Project {
  const sandbox: SandboxSpec = {
    command: ['node', 'server.mjs'],
    workingDir: '.',
    environment: { PORT: String(port), GREETING: 'hello' },
    health: { http: `http://127.0.0.1:${port}/health`, intervalMs: 30, timeoutMs: 1000, retries: 50 },
    ...overrides,
  };
  const base = {
    name: 'web',
    environment: {},
    ports: [],
    restart: { name: 'unless-stopped' },
    stopGracePeriodMs: 2000,
    labels: {},
    dependsOn: {},
    skilldeck: { role: 'other', sandbox },
    ...service,
  } as Partial<Service> as Service;
  return {
    name: 'deck',
    workingDir: directory,
    configFiles: [],
    services: { web: base },
    networks: {},
    volumes: {},
  };
}

async function apply(operations: readonly Operation[], of: Project = project()): Promise<void> {
  const signal = AbortSignal.timeout(15_000);
  for (const operation of operations)
    await engine.apply(operation, { project: of, signal, report: () => {} });
}

const CREATE = { kind: 'create-container', service: 'web', number: 1 } as const;
const START = { kind: 'start-container', service: 'web', number: 1 } as const;
const WAIT = { kind: 'wait-container', service: 'web', number: 1, until: 'healthy' } as const;
const STOP = { kind: 'stop-container', service: 'web', containerId: 'sandbox:web:1' } as const;
const REMOVE = { kind: 'remove-container', service: 'web', containerId: 'sandbox:web:1' } as const;

const observed = async () => (await engine.observe('deck')).containers[0];
const visit = (where: string) => fetch(`http://127.0.0.1:${port}${where}`).catch(() => undefined);

describe('SandboxEngine', () => {
  it('starts a service, waits for its health, shows its logs and ends it', async () => {
    await apply([CREATE, START, WAIT]);
    expect(await observed()).toMatchObject({
      id: 'sandbox:web:1',
      state: 'running',
      health: 'healthy',
      ports: [{ hostPort: port }],
    });
    const lines: string[] = [];
    const options = { tail: 100, follow: false };
    for await (const line of engine.logs('sandbox:web:1', options, AbortSignal.timeout(5000)))
      lines.push(line.text);
    expect(lines).toEqual(['starting with hello', 'listening']);
    await apply([STOP]);
    expect(await observed()).toMatchObject({ state: 'exited' });
    expect(await visit('/')).toBeUndefined();
    expect(await readFile(path.join(directory, 'state', 'web.log'), 'utf8')).toContain('stdout listening');
    await apply([REMOVE]);
    expect(await observed()).toBeUndefined();
  });

  it('starts a service again that crashed after it had been up', async () => {
    await apply([CREATE, START, WAIT]);
    const { startedAt = 0 } = (await observed()) ?? {};
    await visit('/crash');
    await vi.waitFor(async () => expect((await observed())?.state).toBe('restarting'), { timeout: 5000 });
    await vi.waitFor(async () => expect((await observed())?.health).toBe('healthy'), { timeout: 5000 });
    expect((await observed())?.startedAt).toBeGreaterThan(startedAt);
  });

  it('shows the words of a probe that fails', async () => {
    const health = { http: `http://127.0.0.1:${port}/sicken`, intervalMs: 20, timeoutMs: 1000, retries: 3 };
    await expect(apply([CREATE, START, WAIT], project({ health }))).rejects.toMatchObject({
      code: 'service.unhealthy',
    });
    // The first probes may still find no listener; probing goes on, and the latest words are shown.
    await vi.waitFor(
      async () => expect((await observed())?.healthOutput).toContain('500 the database is away'),
      { timeout: 5000 },
    );
  });

  it('says which port is taken', async () => {
    const blocker = createServer().listen(port, '127.0.0.1');
    await expect(apply([CREATE, START, WAIT])).rejects.toMatchObject({
      code: 'port.in_use',
      params: { port, service: 'web' },
    });
    blocker.close();
  });

  it('gives the exit code and the last lines of a service that ends at once', async () => {
    const broken = project({ command: ['node', '-e', 'console.error("no config"); process.exit(9)'] });
    await expect(apply([CREATE, START, WAIT], broken)).rejects.toMatchObject({
      code: 'service.exited',
      params: { exitCode: 9, output: 'no config' },
    });
    expect((await observed())?.state).toBe('exited');
  });

  it('says when the command does not exist', async () => {
    const broken = project({ command: ['/no/such/command'] });
    await expect(apply([CREATE, START, WAIT], broken)).rejects.toMatchObject({
      code: 'service.start_failed',
    });
  });

  it('insists when a service does not want to end', async () => {
    const environment = { PORT: String(port), STUBBORN: '1' };
    await apply([CREATE, START, WAIT], project({ environment }, { stopGracePeriodMs: 100 }));
    await apply([STOP]);
    expect(await visit('/')).toBeUndefined();
  });

  it('keeps the environment of the panel from the service', async () => {
    const command = ['node', '-e', 'console.log(JSON.stringify(process.env)); setInterval(() => {}, 1000)'];
    await apply(
      [CREATE, START, { ...WAIT, until: 'running' }],
      project({ command, environment: { A: 'b' }, health: undefined } as unknown as SandboxSpec),
    );
    const lines = engine.logs('sandbox:web:1', { tail: 10, follow: true }, AbortSignal.timeout(5000));
    for await (const line of lines) {
      const env = JSON.parse(line.text) as Record<string, string>;
      expect(env).toMatchObject({ A: 'b', SKILLDECK_PARENT_PID: String(process.pid) });
      expect(env.SECRET_OF_THE_PANEL).toBeUndefined();
      break;
    }
  });

  it('measures what runs', async () => {
    await apply([CREATE, START, WAIT]);
    const [stats] = await engine.stats('deck');
    expect(stats).toMatchObject({ service: 'web' });
    expect(stats?.memoryBytes).toBeGreaterThan(10_000_000);
  });

  it('opens a shell in the folder of the service', async () => {
    await apply([CREATE, START, WAIT]);
    const shell = await engine.openShell('sandbox:web:1', { columns: 80, rows: 24 });
    shell.write('echo here=$GREETING; exit\n');
    let output = '';
    for await (const text of shell.output) output += text;
    expect(output).toContain('here=hello');
    expect((await shell.exit).code).toBe(0);
  });

  it('ends what a panel that crashed has left, and only that', async () => {
    const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true });
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true });
    const ended = (child: typeof left) => child.exitCode !== null || child.signalCode !== null;
    const state = path.join(directory, 'state');
    const leftovers = new Leftovers(state, process.platform);
    await leftovers.note('web', left.pid ?? 0);
    await writeFile(path.join(state, 'other.pid.json'), `{"pid":${other.pid},"startedAt":"long ago"}`);
    await engine.connect(AbortSignal.timeout(10_000));
    await vi.waitFor(() => expect(ended(left)).toBe(true));
    expect(ended(other)).toBe(false);
    other.kill('SIGKILL');
  });
});
