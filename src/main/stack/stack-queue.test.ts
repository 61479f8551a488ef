import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { FakeEngine } from '../engine/fake-engine.ts';
import { EngineHub } from './engine-hub.ts';
import { folderSource } from './folder-source.ts';
import { StackService } from './stack-service.ts';

const COMPOSE = `name: shop
services:
  web: { image: "web:1" }
  db: { image: "db:1" }
  tool: { image: "tool:1", profiles: [tools] }
`;
let root: string;
let engine: FakeEngine;
let hub: EngineHub;
let stack: StackService;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'skilldeck-queue-'));
  await mkdir(join(root, 'shop'));
  await write(COMPOSE);
  engine = new FakeEngine();
  hub = new EngineHub({ engine });
  stack = open();
  await stack.open();
});

afterEach(async () => {
  await stack.dispose();
  await hub.dispose();
  await rm(root, { recursive: true, force: true });
});

const write = (text: string) => writeFile(join(root, 'shop', 'compose.yaml'), text);
const open = () =>
  new StackService({
    hub,
    source: folderSource({ directory: join(root, 'shop'), processEnv: {}, stateDirectory: root }),
    lockDirectory: join(root, 'locks'),
    ports: { isFree: async () => true, owner: async () => undefined },
    publishIntervalMs: 0,
  });

/** Operations of the engine hang until the returned function is called. */
function hold(): () => void {
  let go = () => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  engine.beforeApply = (_operation, { signal }) =>
    Promise.race([
      gate,
      new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    ]);
  return go;
}

const running = () => vi.waitFor(() => expect(stack.snapshot.run?.outcome).toBe('running'));
const queue = () => (stack.snapshot.queue ?? []).map(({ kind, services }) => [kind, ...services].join(' '));

test('others wait their turn, visibly and in order, and each keeps its own record', async () => {
  const go = hold();
  stack.start();
  await running();
  stack.restart({ service: 'web' });
  stack.scale({ service: 'db', replicas: 2 });
  expect(queue()).toEqual(['restart web', 'scale db']);
  go();
  expect((await stack.whenIdle())?.outcome).toBe('done');
  expect((await stack.runs(9)).map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
    'scale done',
    'restart done',
    'up done',
  ]);
  expect(engine.state.containers.filter(({ service }) => service === 'db')).toHaveLength(2);
});

test('the same wish twice is one, but not when something came in between that makes it another one', async () => {
  hold();
  const { operationId } = stack.start();
  expect(stack.start().operationId).toBe(operationId);
  const restart = stack.restart({ service: 'web' });
  expect(stack.restart({ service: 'web' })).toEqual(restart);
  expect(stack.restart({ service: 'db' })).not.toEqual(restart);
  expect(stack.start({ forceRecreate: true }).operationId).not.toBe(operationId);
  expect(stack.restart({ service: 'web' })).not.toEqual(restart);
});

test('one that waits can be taken out, and leaves no record', async () => {
  const go = hold();
  stack.start();
  await running();
  const { operationId } = stack.pull();
  const ended = stack.finished(operationId);
  stack.cancel(operationId);
  expect((await ended).outcome).toBe('cancelled');
  expect(queue()).toEqual([]);
  go();
  await stack.whenIdle();
  expect((await stack.runs(9)).map(({ kind }) => kind)).toEqual(['up']);
  expect(() => stack.cancel(operationId)).toThrow('ended already');
});

test('Stop ends what is under way and what waits; a stop of one service waits like any other', async () => {
  hold();
  stack.start();
  await running();
  stack.restart({ service: 'web' });
  stack.stop({ services: ['web'] });
  expect(queue()).toEqual(['restart web', 'down web']);
  const { operationId } = stack.stop();
  engine.beforeApply = async () => {};
  expect((await stack.finished(operationId)).outcome).toBe('done');
  expect((await stack.runs(9)).map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
    'down done',
    'up cancelled',
  ]);
});

test('no more than twenty wait', async () => {
  hold();
  stack.start();
  const scale = (replicas: number) => stack.scale({ service: 'web', replicas });
  await stack.reloadProject();
  for (let replicas = 0; replicas < 20; replicas += 1) scale(replicas);
  expect(() => scale(21)).toThrow('Too many');
});

test('two services of one project, as in two processes, take turns', async () => {
  const other = open();
  await other.open();
  const go = hold();
  stack.start();
  await running();
  other.control({ action: 'stop', services: [] });
  await vi.waitFor(() => expect(other.snapshot.queue).toHaveLength(1));
  const before = engine.applied.length;
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect([other.snapshot.queue?.length, engine.applied.length - before]).toEqual([1, 0]);
  go();
  await stack.whenIdle();
  expect((await other.whenIdle())?.outcome).toBe('done');
  expect(engine.state.containers.map(({ state }) => state)).toEqual(['exited', 'exited']);
  await other.dispose();
});

test('what another process does is shown while it does it, and afterwards', async () => {
  const other = open();
  await other.open();
  const unfollow = stack.follow();
  const go = hold();
  const { operationId } = other.start();
  await vi.waitFor(() => expect(other.snapshot.run?.outcome).toBe('running'));
  await vi.waitFor(() => {
    // The engine says that something has changed; the other one's record may come to the disk after that.
    engine.setState(engine.state);
    expect(stack.snapshot.run).toMatchObject({ id: operationId, outcome: 'running' });
  }, 3000);
  go();
  await other.whenIdle();
  await vi.waitFor(
    () => expect(stack.snapshot.run).toMatchObject({ id: operationId, outcome: 'done' }),
    3000,
  );
  unfollow();
  await other.dispose();
});

test('what the files ask for and cannot be had is refused before anything is touched', async () => {
  await write('services:\n  web:\n    image: web\n    credential_spec: { file: ./x.json }\n');
  stack.start();
  const record = await stack.whenIdle();
  expect(record).toMatchObject({ outcome: 'failed', steps: [], error: { code: 'compose.unsupported' } });
  expect(record?.error?.params.place).toMatch(/compose\.yaml:4:\d+$/);
  expect(stack.snapshot.project.unsupported).toMatchObject([
    { key: 'services.web.credential_spec', place: 'compose.yaml:4' },
  ]);
});

test('variables that are not set are said once each, with the places, and refuse nothing', async () => {
  await write('services:\n  web:\n    image: web:$TAG\n    command: run $MODE $TAG\n');
  await stack.reloadProject();
  expect(stack.snapshot.project.warnings).toEqual([
    { kind: 'unset_variable', text: 'TAG', places: ['compose.yaml:3', 'compose.yaml:4'] },
    { kind: 'unset_variable', text: 'MODE', places: ['compose.yaml:4'] },
  ]);
  expect(stack.snapshot.plan).toBeDefined();
  await write('services:\n  web:\n    image: web:1\n');
  await stack.reloadProject();
  expect(stack.snapshot.project.warnings).toBeUndefined();
});

test('an update that was taken back is told in the record', async () => {
  stack.start();
  await stack.whenIdle();
  await write(COMPOSE.replace('web:1', 'web:2'));
  engine.beforeApply = async (operation) => {
    if (operation.kind === 'replace-container')
      throw new AppError('update.rolled_back', 'web was not updated.', { params: { service: 'web' } });
  };
  stack.start();
  expect(await stack.whenIdle()).toMatchObject({ outcome: 'failed', rolledBack: ['web'] });
});

test('a profile is turned on for good, and a named service for one start only', async () => {
  const unfollow = stack.follow();
  await vi.waitFor(() => expect(stack.snapshot.project.profiles).toEqual([{ name: 'tools', active: false }]));
  expect(stack.snapshot.services.find(({ name }) => name === 'tool')).toMatchObject({
    inactive: true,
    orphan: false,
  });
  stack.start({ services: ['tool'] });
  expect((await stack.whenIdle())?.outcome).toBe('done');
  expect(engine.state.containers.map(({ service }) => service)).toEqual(['tool']);
  expect(stack.snapshot.project.profiles).toEqual([{ name: 'tools', active: false }]);
  await stack.setProfile('tools', true);
  expect(stack.snapshot.project.profiles).toEqual([{ name: 'tools', active: true }]);
  unfollow();
  const again = open();
  await again.reloadProject();
  expect(again.snapshot.project.profiles).toEqual([{ name: 'tools', active: true }]);
  await again.dispose();
});
