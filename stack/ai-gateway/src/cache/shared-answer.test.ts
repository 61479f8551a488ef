import { expect, test, vi } from 'vitest';
import type { BackendAnswer } from '../backends/backend.ts';
import { whenEnded } from '../backends/when-ended.ts';
import type { JsonObject } from '../json.ts';
import { SharedAnswer } from './shared-answer.ts';

const word = (content: string): JsonObject => ({
  id: 'c',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta: { content }, finish_reason: null }],
});

function endless() {
  const released = vi.fn<() => void>();
  const chunks = (async function* talk() {
    try {
      for (;;) yield word('a');
    } finally {
      released();
    }
  })();
  return { answer: { kind: 'stream', chunks } satisfies BackendAnswer, released };
}

async function joined(shared: SharedAnswer, signal = new AbortController().signal) {
  const answer = await shared.join(true, signal);
  if (answer.kind === 'whole') throw new Error('A stream was asked for.');
  return answer.chunks[Symbol.asyncIterator]();
}

test('the call is given back when its last reader leaves between two chunks', async () => {
  const { answer, released } = endless();
  const controller = new AbortController();
  const onEnd = vi.fn<(body: JsonObject | undefined) => void>();
  const shared = new SharedAnswer(Promise.resolve(answer), controller, onEnd);
  const [one, two] = [await joined(shared), await joined(shared)];
  await one.next();
  await two.next();
  await one.return?.();
  expect(released).not.toHaveBeenCalled();
  await two.return?.();
  await vi.waitFor(() => expect(released).toHaveBeenCalledOnce());
  expect(controller.signal.aborted).toBe(true);
  expect(onEnd.mock.calls).toEqual([[undefined]]);
  expect(shared.isJoinable).toBe(false);
});

test('and when the only one left before the answer had begun', async () => {
  const { answer: inner } = endless();
  const released = vi.fn<() => void>();
  let open: (answer: BackendAnswer) => void = () => undefined;
  const call = new Promise<BackendAnswer>((resolve) => {
    open = resolve;
  });
  const leaver = new AbortController();
  const shared = new SharedAnswer(call, new AbortController(), () => undefined);
  const joining = shared.join(true, leaver.signal);
  leaver.abort(new Error('left'));
  await expect(joining).rejects.toThrow('left');
  const answer = whenEnded(inner, released);
  if (answer.kind === 'whole') throw new Error('A stream was made.');
  // As the skills do it: a generator around the call.
  const chunks = (async function* around() {
    yield* answer.chunks;
  })();
  open({ kind: 'stream', chunks });
  await vi.waitFor(() => expect(released).toHaveBeenCalledOnce());
});
