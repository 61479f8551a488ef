import { expect, test, vi } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { Topic } from '../testing/topic.ts';
import { createMirror } from './mirror-store.ts';

interface Value {
  readonly seq: number;
}

const noPause = () => Promise.resolve();

test('shows the newest value and drops what is older', async () => {
  const topic = new Topic<Value>({ seq: 2 });
  const mirror = createMirror({
    open: async (signal) => topic.subscribe(signal),
    seqOf: (value) => value.seq,
  });
  const release = mirror.retain();
  await vi.waitFor(() => expect(mirror.store.getState()).toEqual({ kind: 'live', value: { seq: 2 } }));
  topic.publish({ seq: 1 });
  topic.publish({ seq: 3 });
  await vi.waitFor(() => expect(mirror.store.getState()).toEqual({ kind: 'live', value: { seq: 3 } }));
  release();
});

test('subscribes again after a failure and keeps showing the last value meanwhile', async () => {
  const topic = new Topic<Value>({ seq: 7 });
  const seen: unknown[] = [];
  let attempt = 0;
  const mirror = createMirror<Value>({
    open: async (signal) => {
      attempt += 1;
      if (attempt === 2) throw new AppError('engine.unreachable', 'gone');
      return attempt === 1 ? once(topic.value) : topic.subscribe(signal);
    },
    seqOf: (value) => value.seq,
    pause: noPause,
  });
  mirror.store.subscribe((state) => seen.push(state));
  const release = mirror.retain();
  await vi.waitFor(() => expect(seen).toHaveLength(3));
  expect(seen).toMatchObject([
    { kind: 'live', value: { seq: 7 } },
    { kind: 'failed', error: { code: 'engine.unreachable' }, value: { seq: 7 } },
    { kind: 'live', value: { seq: 7 } },
  ]);
  release();
});

test('ends the subscription with the last holder', async () => {
  const signals: AbortSignal[] = [];
  const topic = new Topic<Value>({ seq: 1 });
  const mirror = createMirror<Value>({
    open: async (signal) => {
      signals.push(signal);
      return topic.subscribe(signal);
    },
  });
  const [first, second] = [mirror.retain(), mirror.retain()];
  await vi.waitFor(() => expect(signals).toHaveLength(1));
  first();
  first();
  expect(signals[0]?.aborted).toBe(false);
  second();
  expect(signals[0]?.aborted).toBe(true);
});

async function* once<T>(value: T) {
  yield value;
}
