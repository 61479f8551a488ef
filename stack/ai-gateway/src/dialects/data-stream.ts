import type { DialectStream } from './dialect.ts';

const DONE = { data: '[DONE]' };

/** Chunks as plain `data:` events, ended by `[DONE]`, also after an error: OpenAI's clients wait for it. */
export function dataStream(): DialectStream {
  return {
    chunk: (chunk) => [{ data: JSON.stringify(chunk) }],
    end: () => [DONE],
    fail: (error) => [{ data: JSON.stringify(error.toEnvelope()) }, DONE],
  };
}
