import type { JsonObject } from '../json.ts';
import type { BackendAnswer } from './backend.ts';

/**
 * The same answer, which gives everything back once the backend has ended: with its last chunk, its error, or when it is
 * left. No generator: one that is left before its first chunk would run none of its own words.
 */
export function whenEnded(answer: BackendAnswer, release: () => void): BackendAnswer {
  if (answer.kind === 'whole') {
    release();
    return answer;
  }
  const { chunks } = answer;
  return { kind: 'stream', chunks: { [Symbol.asyncIterator]: () => untilEnded(chunks, release) } };
}

function untilEnded(chunks: AsyncIterable<JsonObject>, release: () => void): AsyncIterator<JsonObject> {
  const inner = chunks[Symbol.asyncIterator]();
  return {
    next: async () => {
      try {
        const next = await inner.next();
        if (next.done === true) release();
        return next;
      } catch (error) {
        release();
        throw error;
      }
    },
    return: async () => {
      try {
        await inner.return?.();
      } finally {
        release();
      }
      return { done: true, value: undefined };
    },
  };
}
