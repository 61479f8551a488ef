import type { BackendAnswer } from '../backends/backend.ts';

/** The same answer, which gives everything back once the backend has ended. */
export function whenEnded(answer: BackendAnswer, release: () => void): BackendAnswer {
  if (answer.kind === 'whole') {
    release();
    return answer;
  }
  const { chunks } = answer;
  return {
    kind: 'stream',
    chunks: (async function* untilEnded() {
      try {
        yield* chunks;
      } finally {
        release();
      }
    })(),
  };
}
