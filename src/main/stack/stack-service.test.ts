import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeEngine } from '../engine/fake-engine.ts';
import { openWorkspace } from '../workspace/open-workspace.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { EngineHub } from './engine-hub.ts';
import { StackService } from './stack-service.ts';
import { workspaceSource } from './workspace-source.ts';

const COMPOSE = `
services:
  gateway:
    image: gateway:1
    ports: ["127.0.0.1:\${GATEWAY_PORT:-8080}:8080"]
    healthcheck: { test: [CMD, "true"] }
    x-skilldeck: { role: gateway }
  web:
    image: web:1
    depends_on: { gateway: { condition: service_healthy } }
`;

let directory: string;
let workspace: Workspace;
let engine: FakeEngine;
let hub: EngineHub;
let stack: StackService;
let taken: Set<number>;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'skilldeck-stack-'));
  const bundleDir = join(directory, 'bundle');
  await mkdir(bundleDir);
  await writeFile(join(bundleDir, 'compose.yaml'), COMPOSE);
  workspace = await openWorkspace({
    directory: join(directory, 'w'),
    bundleDir,
    version: '1',
    processEnv: {},
  });
  engine = new FakeEngine();
  taken = new Set();
  hub = new EngineHub({
    engine,
    reconnectDelay: () => new Promise((resolve) => setImmediate(resolve)),
  });
  stack = new StackService({
    hub,
    lockDirectory: join(directory, 'locks'),
    source: workspaceSource(workspace),
    ports: {
      isFree: async (_ip, port) => !taken.has(port),
      owner: async () => ({ pid: 42, name: 'other' }),
    },
    openExternal: async () => {},
    openPath: async () => {},
    publishIntervalMs: 0,
  });
  await stack.open();
  stack.follow();
  await vi.waitFor(() => expect(stack.snapshot.engine.kind).toBe('connected'));
});

afterEach(async () => {
  await stack.dispose();
  await hub.dispose();
  await rm(directory, { recursive: true, force: true });
});

test('brings the stack up and down and keeps a record of each', async () => {
  stack.start();
  expect((await stack.whenIdle())?.outcome).toBe('done');
  await stack.refresh();
  expect(stack.snapshot.state).toBe('running');
  expect(stack.snapshot.plan?.steps).toEqual([]);
  stack.stop();
  expect((await stack.whenIdle())?.outcome).toBe('done');
  expect(engine.state.containers).toEqual([]);
  expect((await stack.runs(10)).map((run) => run.kind)).toEqual(['down', 'up']);
});

test('a second start while one runs is the same operation, and cancel ends it', async () => {
  engine.beforeApply = (_operation, { signal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const { operationId } = stack.start();
  expect(stack.start().operationId).toBe(operationId);
  await vi.waitFor(() =>
    expect(stack.snapshot.run?.steps.some((step) => step.status === 'running')).toBe(true),
  );
  stack.cancel(operationId);
  expect((await stack.whenIdle())?.outcome).toBe('cancelled');
});

test('names the owner of a busy port and moves it', async () => {
  taken.add(8080);
  stack.start();
  expect((await stack.whenIdle())?.error).toMatchObject({
    code: 'port.in_use',
    params: { port: 8080, owner: 'other', pid: 42, service: 'gateway', variable: 'GATEWAY_PORT' },
  });
  expect(await stack.moveBusyPort(8080)).toEqual({ variable: 'GATEWAY_PORT', port: 8082 });
  expect(workspace.settings.ports.gateway).toBe(8082);
});

test('a step that fails skips its dependants and fails the run', async () => {
  engine.beforeApply = async (operation) => {
    if (operation.kind === 'wait-container' && operation.service === 'gateway') throw new Error('no');
  };
  stack.start();
  const run = await stack.whenIdle();
  expect(run?.outcome).toBe('failed');
  const status = Object.fromEntries((run?.steps ?? []).map((step) => [step.id, step.status]));
  expect(status).toMatchObject({ 'wait-container:gateway-1': 'failed', 'start-container:web-1': 'skipped' });
});

test('shows a lost engine at once and finds it again by itself', async () => {
  engine.goAway();
  await vi.waitFor(() => expect(stack.snapshot.engine.kind).toBe('unavailable'));
  expect(stack.snapshot.state).toBe('unknown');
  engine.connectFault = undefined;
  await vi.waitFor(() => expect(stack.snapshot.state).toBe('stopped'));
});

test('a broken override shows where it is broken, and stop still works', async () => {
  stack.start();
  await stack.whenIdle();
  await writeFile(workspace.paths.overrideFile, 'services:\n  web:\n    privilegd: true\n');
  await stack.reloadProject();
  expect(stack.snapshot.projectError).toMatchObject({
    code: 'compose.unknown_key',
    params: { line: 3, found: 'privilegd' },
  });
  stack.stop();
  expect((await stack.whenIdle())?.outcome).toBe('done');
  expect(engine.state.containers).toEqual([]);
});

test('quitting in the middle of a start leaves a record that says so', async () => {
  engine.beforeApply = (_operation, { signal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  stack.start();
  await vi.waitFor(() =>
    expect(stack.snapshot.run?.steps.some((step) => step.status === 'running')).toBe(true),
  );
  await stack.dispose();
  expect((await stack.runs(1))[0]?.outcome).toBe('interrupted');
  await hub.dispose();
  expect(engine).toMatchObject({ disposed: true, watcherCount: 0 });
});
