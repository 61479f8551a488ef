import { expect, test, vi } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { FakeEngine } from '../engine/fake-engine.ts';
import type { ProjectsChange } from '../engine/stack-engine.ts';
import { EngineHub } from './engine-hub.ts';

const NEVER = new AbortController().signal;
const soon = () => new Promise<void>((resolve) => setImmediate(resolve));
const made = (engine: FakeEngine) => new EngineHub({ engine, reconnectDelay: soon });

/** Tells of one project after the other. */
class EngineOfSeveral extends FakeEngine {
  subscriptions = 0;
  tell: (change: ProjectsChange) => void = () => {};

  async *watchAll(signal: AbortSignal): AsyncGenerator<ProjectsChange, void, void> {
    this.subscriptions += 1;
    while (!signal.aborted)
      yield await new Promise<ProjectsChange>((resolve) => {
        this.tell = resolve;
        signal.addEventListener('abort', () => resolve({ kind: 'changed' }), { once: true });
      });
  }
}

test('one subscription serves all, and each hears of its own project', async () => {
  const engine = new EngineOfSeveral();
  const hub = made(engine);
  const heard: string[] = [];
  for (const name of ['shop', 'blog'])
    hub.listen({ onChange: (concerns) => concerns(name) && heard.push(name) });
  hub.connect();
  await vi.waitFor(() => expect(heard).toEqual(['shop', 'blog']));
  engine.tell({ kind: 'changed', projects: ['blog'] });
  await vi.waitFor(() => expect(heard).toEqual(['shop', 'blog', 'blog']));
  await soon();
  engine.tell({ kind: 'changed' });
  await vi.waitFor(() => expect(heard).toEqual(['shop', 'blog', 'blog', 'shop', 'blog']));
  expect(engine.subscriptions).toBe(1);
  await hub.dispose();
});

test('waits for a connection that is being made, and says why there is none', async () => {
  const engine = new FakeEngine();
  engine.connectFault = new AppError('engine.not_running', 'Docker is not running.', { hint: 'Start it.' });
  const hub = new EngineHub({ engine, reconnectDelay: () => new Promise(() => {}) });
  await expect(hub.ready(NEVER)).rejects.toMatchObject({ code: 'engine.not_running', hint: 'Start it.' });
  const other = made(new FakeEngine());
  expect((await other.ready(NEVER)).kind).toBe('docker');
  await other.dispose();
});

test('giving up the wait does not end the connecting', async () => {
  const engine = new FakeEngine();
  let connect = () => {};
  engine.connect = () =>
    new Promise((resolve) => {
      connect = () => resolve({ context: 'slow', version: '1' });
    });
  const hub = made(engine);
  const cancel = new AbortController();
  const waiting = hub.ready(cancel.signal);
  cancel.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  connect();
  await hub.ready(NEVER);
  expect(hub.status).toMatchObject({ kind: 'connected', context: 'slow' });
  await hub.dispose();
});

test('lists again after every break', async () => {
  const engine = new FakeEngine();
  const hub = made(engine);
  const changes = vi.fn();
  hub.listen({ onChange: changes });
  await hub.ready(NEVER);
  engine.goAway();
  await vi.waitFor(() => expect(hub.status.kind).toBe('unavailable'));
  const before = changes.mock.calls.length;
  engine.connectFault = undefined;
  await vi.waitFor(() => expect(hub.status.kind).toBe('connected'));
  await vi.waitFor(() => expect(changes.mock.calls.length).toBeGreaterThan(before));
  await hub.dispose();
});

test('another engine takes over at once, unless the old one works; then it is let go again', async () => {
  const [old, next, refused] = [new FakeEngine(), new FakeEngine('sandbox'), new FakeEngine()];
  const hub = made(old);
  await hub.ready(NEVER);
  const release = hub.lease();
  await expect(hub.use(refused)).rejects.toMatchObject({ code: 'operation.busy' });
  expect([refused.disposed, old.disposed]).toEqual([true, false]);
  release();
  await hub.use(next);
  expect([(await hub.ready(NEVER)).kind, old.disposed, old.watcherCount]).toEqual(['sandbox', true, 0]);
  await hub.dispose();
  expect(next.disposed).toBe(true);
});
