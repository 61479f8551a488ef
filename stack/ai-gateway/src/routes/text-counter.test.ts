import { describe, expect, test } from 'vitest';
import type { Backend } from '../backends/backend.ts';
import { TextCounter } from './text-counter.ts';

type Count = Backend['countTokens'];

/** Counts characters, as it is told. */
const backendWith = (countTokens: Count): Backend =>
  ({ name: 'far', model: undefined, countTokens }) as Backend;
const ask = (text: string, signal = new AbortController().signal) => ({
  requestId: 'r',
  principal: { id: 'p', weight: 1 },
  text,
  signal,
});

describe('TextCounter', () => {
  test.each([
    ['words', 'word '.repeat(50_000)],
    ['one endless word', 'x'.repeat(100_000)],
    ['pairs that are one sign', `x${'😀'.repeat(50_000)}`],
    ['nothing', ''],
  ])('asks for the whole of a long text in short pieces (%s)', async (_name, text) => {
    const pieces: string[] = [];
    const backend = backendWith(async (piece) => {
      pieces.push(piece);
      return piece.length;
    });
    expect(await new TextCounter().count(backend, ask(text))).toBe(text.length);
    expect(pieces.join('')).toBe(text);
    for (const piece of pieces) {
      expect(piece.length).toBeLessThanOrEqual(32_768);
      expect(piece).not.toMatch(/[\uD800-\uDBFF]$/);
    }
  });

  test('leaves it at an estimate when too many texts wait already', async () => {
    const ended: (() => void)[] = [];
    const backend = backendWith(() => new Promise((resolve) => ended.push(() => resolve(1))));
    const counter = new TextCounter();
    const counts = Array.from({ length: 51 }, () => counter.count(backend, ask('x')));
    expect(await counter.count(backend, ask('x'))).toBeUndefined();
    for (let answered = 0; answered < counts.length; answered += 1) {
      expect(ended).toHaveLength(answered + 1);
      ended[answered]?.();
      await counts[answered];
      await Promise.resolve();
    }
    expect(await Promise.all(counts)).toEqual(counts.map(() => 1));
  });

  test('leaves it at an estimate when the tokenizer fails, or takes too long', async () => {
    expect(
      await new TextCounter().count(
        backendWith(() => Promise.reject(new Error())),
        ask('x'),
      ),
    ).toBeUndefined();
    const never: Count = (_text, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    expect(await new TextCounter(1).count(backendWith(never), ask('x'))).toBeUndefined();
  });

  test('ends after the piece in which the caller leaves', async () => {
    const caller = new AbortController();
    let asked = 0;
    const backend = backendWith(async () => {
      asked += 1;
      caller.abort(new Error('gone'));
      return 1;
    });
    const counting = new TextCounter().count(backend, ask('word '.repeat(50_000), caller.signal));
    await expect(counting).rejects.toThrow('gone');
    expect(asked).toBe(1);
  });
});
