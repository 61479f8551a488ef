import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StackSnapshot } from '../../shared/stack/stack-snapshot.ts';
import { systemPorts } from '../doctor/system-ports.ts';
import { DockerEngine } from '../engine/docker/docker-engine.ts';
import { EngineHub } from './engine-hub.ts';
import { folderSource } from './folder-source.ts';
import { StackService } from './stack-service.ts';

const run = promisify(execFile);
const HELPER = fileURLToPath(new URL('./hold-lock.test-helper.ts', import.meta.url));
/** Nothing asks the engine again by itself: what is seen at all came with its events. */
const AT_ONCE_MS = 5000;

let directory: string;
let name: string;
let port: number;
let subnet: string;
let hub: EngineHub;
let stack: StackService;
let unfollow: () => void;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'skilldeck-stack-'));
  await mkdir(join(directory, 'app'));
  name = `sdstack-${randomBytes(4).toString('hex')}`;
  port = await freePort();
  subnet = `10.213.${100 + Math.floor(Math.random() * 100)}.0/24`;
  await write({ page: 'one' });
  hub = new EngineHub({ engine: new DockerEngine() });
  stack = new StackService({
    hub,
    source: folderSource({
      directory: join(directory, 'app'),
      processEnv: {},
      stateDirectory: join(directory, 'state'),
    }),
    lockDirectory: join(directory, 'state', 'locks'),
    ports: systemPorts,
  });
  await stack.open();
  unfollow = stack.follow();
}, 30_000);

afterEach(async () => {
  stack.stop({ volumes: true });
  await stack.whenIdle();
  unfollow();
  await stack.dispose();
  await hub.dispose();
  const left = await docker('ps', '-aq', '--filter', `label=com.docker.compose.project=${name}`);
  if (left !== '') await docker('rm', '-f', ...left.split('\n'));
  await rm(directory, { recursive: true, force: true });
}, 60_000);

describe('a project of two services on the real engine', { timeout: 120_000 }, () => {
  it('comes up, is updated, survives an update that fails, and goes down', async () => {
    stack.start();
    expect(await stack.whenIdle()).toMatchObject({ outcome: 'done', kind: 'up', origin: 'panel' });
    await seen((snapshot) => snapshot.state === 'running');
    expect(await page()).toBe('one');
    expect(stack.snapshot.plan?.steps).toEqual([]);
    const [first] = service('web').instances;

    await write({ page: 'two' });
    await stack.reloadProject();
    expect(service('web')).toMatchObject({ drift: { kind: 'config_changed' } });
    expect(service('worker')).not.toHaveProperty('drift');
    stack.start();
    const updated = await stack.whenIdle();
    expect(updated?.outcome).toBe('done');
    expect(updated?.steps.map((step) => step.kind)).toContain('replace-container');
    expect(await page()).toBe('two');
    await seen(() => service('web').instances[0]?.id !== first?.id);
    const [second] = service('web').instances;

    await write({ page: 'three', healthy: false });
    stack.start();
    const failed = await stack.whenIdle();
    expect(failed).toMatchObject({
      outcome: 'failed',
      error: { code: 'update.rolled_back' },
      rolledBack: ['web'],
    });
    // Its container runs again, the server in it a moment later; until then the engine's own proxy hangs up.
    await vi.waitFor(async () => expect(await page()).toBe('two'), { timeout: 5000, interval: 50 });
    await seen(() => service('web').state.kind === 'healthy');
    expect(service('web').instances).toMatchObject([{ id: second?.id }]);
    expect((await stack.runs(1))[0]?.rolledBack).toEqual(['web']);

    stack.stop();
    expect((await stack.whenIdle())?.outcome).toBe('done');
    await seen((snapshot) => snapshot.state === 'stopped');
    expect(await docker('ps', '-aq', '--filter', `label=com.docker.compose.project=${name}`)).toBe('');
  });

  it('has more and fewer instances when asked to', async () => {
    stack.start();
    await stack.whenIdle();
    stack.scale({ service: 'worker', replicas: 3 });
    expect((await stack.whenIdle())?.outcome).toBe('done');
    await seen(() => service('worker').replicas?.running === 3);
    expect(service('worker').replicas?.wanted).toBe(1);
    expect(service('worker').drift).toMatchObject({ kind: 'scale' });
    stack.scale({ service: 'worker', replicas: 1 });
    await stack.whenIdle();
    await seen(() => service('worker').instances.length === 1);
    expect(service('worker').instances[0]).toMatchObject({ number: 1 });
  });

  it('stops, kills, pauses and removes one service and leaves the other alone', async () => {
    stack.start();
    await stack.whenIdle();
    for (const [action, kind] of [
      ['pause', 'paused'],
      ['unpause', 'running'],
      ['kill', 'stopped'],
      ['start', 'running'],
      ['stop', 'stopped'],
      ['remove', 'absent'],
    ] as const) {
      stack.control({ action, services: ['worker'] });
      expect(await stack.whenIdle()).toMatchObject({ kind: action, outcome: 'done' });
      await seen(() => service('worker').state.kind === kind);
      expect(service('web').state.kind).toBe('healthy');
    }
  });

  it('shows at once what another tool does', async () => {
    stack.start();
    await stack.whenIdle();
    await seen((snapshot) => snapshot.state === 'running');
    const container = `${name}-worker-1`;
    // Not the one with a health check: an engine that is about to probe it may answer late while it is frozen.
    await docker('pause', container);
    await seen(() => service('worker').state.kind === 'paused', AT_ONCE_MS);
    await docker('unpause', container);
    await seen(() => service('worker').state.kind === 'running', AT_ONCE_MS);
    await docker('stop', '-t', '0', container);
    await seen(() => service('worker').state.kind === 'stopped', AT_ONCE_MS);
    await docker('rm', container);
    await seen(() => service('worker').state.kind === 'absent', AT_ONCE_MS);
  });

  it('waits while another process works on the project', async () => {
    const other = spawn(process.execPath, [HELPER, join(directory, 'state', 'locks'), `docker/${name}`], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(other.stdout, 'data');
    const { operationId } = stack.start();
    await vi.waitFor(() =>
      expect(stack.snapshot.queue).toEqual([{ id: operationId, kind: 'up', services: [] }]),
    );
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(stack.snapshot.queue).toHaveLength(1);
    // Killed, not ended: nobody takes its lock away but us.
    other.kill('SIGKILL');
    expect((await stack.whenIdle())?.outcome).toBe('done');
    expect(stack.snapshot.queue).toBeUndefined();
  });

  it('lets go soon when it is cancelled in the middle of an update, and what ran runs again', async () => {
    stack.start();
    await stack.whenIdle();
    await write({ page: 'two', healthy: false, retries: 1000 });
    const { operationId } = stack.start();
    await seen(
      () =>
        stack.snapshot.run?.steps.some(
          ({ status, kind }) => kind === 'replace-container' && status === 'running',
        ) === true,
    );
    await seen(() => service('web').instances.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const at = performance.now();
    stack.cancel(operationId);
    expect((await stack.finished(operationId)).outcome).toBe('cancelled');
    const tookMs = performance.now() - at;
    await seen(() => service('web').state.kind === 'healthy');
    expect(await page()).toBe('one');
    expect(service('web').instances).toHaveLength(1);
    // Stopping the new one at once and starting the old one again is part of it.
    expect(tookMs).toBeLessThan(2000);
  });

  it('lets the next run wait until what a cancelled update has replaced is back', async () => {
    stack.start();
    await stack.whenIdle();
    const [old] = service('web').instances;
    await write({ page: 'two', healthy: false, retries: 1000 });
    const { operationId } = stack.start();
    await seen(() => service('web').instances.length === 2);
    await write({ page: 'three' });
    stack.cancel(operationId);
    const next = stack.start();
    expect(stack.snapshot.queue).toMatchObject([{ id: next.operationId }]);
    const cancelled = await stack.finished(operationId);
    expect(cancelled.outcome).toBe('cancelled');
    // Back under its name before the next one looks, which then updates it as if nothing had been.
    const updated = await stack.finished(next.operationId);
    expect(updated.startedAt).toBeGreaterThanOrEqual(cancelled.endedAt ?? Number.NaN);
    expect(updated.outcome).toBe('done');
    expect(updated.steps.find(({ kind }) => kind === 'replace-container')?.status).toBe('done');
    expect(await page()).toBe('three');
    await seen(() => service('web').instances.length === 1);
    expect(service('web').instances[0]?.id).not.toBe(old?.id);
  });

  it('refuses a port that somebody else has, before anything is touched', async () => {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    stack.start();
    const failed = await stack.whenIdle();
    server.close();
    expect(failed).toMatchObject({
      outcome: 'failed',
      steps: [],
      error: { code: 'port.in_use', params: { port } },
    });
  });
});

function service(wanted: string): StackSnapshot['services'][number] {
  const found = stack.snapshot.services.find((one) => one.name === wanted);
  if (found === undefined) throw new Error(`no ${wanted} in the snapshot`);
  return found;
}

/** The snapshot says so by itself, within this time. */
async function seen(what: (snapshot: StackSnapshot) => boolean, withinMs = 10_000): Promise<void> {
  await vi.waitFor(() => expect(what(stack.snapshot), JSON.stringify(stack.snapshot.services)).toBe(true), {
    timeout: withinMs,
    interval: 20,
  });
}

async function page(): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    // A kept connection would be that of a container that is gone.
    headers: { connection: 'close' },
  });
  return response.text();
}

/** A server whose answer is in its environment, and a worker that does nothing. */
async function write({
  page: text,
  healthy = true,
  retries = 3,
}: {
  page: string;
  healthy?: boolean;
  retries?: number;
}): Promise<void> {
  const server = "require('http').createServer((_, r) => r.end(process.env.PAGE)).listen(80)";
  const probe = "fetch('http://127.0.0.1').then(() => process.exit(0), () => process.exit(1))";
  await writeFile(
    join(directory, 'app', 'compose.yaml'),
    `name: ${name}
services:
  web:
    image: node:22-bookworm-slim
    init: true
    command: ["node", "-e", ${JSON.stringify(server)}]
    environment: { PAGE: "${text}" }
    ports: ["127.0.0.1:${port}:80"]
    stop_grace_period: 1s
    healthcheck:
      test: ${JSON.stringify(healthy ? ['CMD', 'node', '-e', probe] : ['CMD', 'false'])}
      interval: 500ms
      retries: ${retries}
  worker:
    image: debian:bookworm-slim
    init: true
    command: ["sleep", "infinity"]
    restart: unless-stopped
    stop_grace_period: 1s
networks:
  default: { ipam: { config: [{ subnet: "${subnet}" }] } }
`,
  );
}

async function docker(...args: string[]): Promise<string> {
  return (await run('docker', args)).stdout.trim();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
