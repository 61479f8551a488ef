import type { Reply } from './inference-protocol.ts';

type Failed = Extract<Reply, { type: 'failed' }>;

/** Why the model did not answer, in the words that the gateway has codes for. */
export class EngineFault extends Error {
  readonly code: Failed['code'];

  constructor(code: Failed['code'], message: string) {
    super(message);
    this.name = 'EngineFault';
    this.code = code;
  }
}

export function toFailed(id: string, error: unknown, signal: AbortSignal): Failed {
  const message = error instanceof Error ? error.message : String(error);
  if (signal.aborted) return { type: 'failed', id, code: 'aborted', message };
  return {
    type: 'failed',
    id,
    code: error instanceof EngineFault ? error.code : 'generation_failed',
    message,
  };
}

/** The prompt, the answer's first token and the place behind it must fit; nothing is cut off in silence. */
export function roomFor(promptTokens: number, contextSize: number): number {
  const room = contextSize - promptTokens - 2;
  if (room >= 1) return room;
  const sentence = `${promptTokens} tokens do not fit into the context of ${contextSize}.`;
  throw new EngineFault('context_length_exceeded', sentence);
}
