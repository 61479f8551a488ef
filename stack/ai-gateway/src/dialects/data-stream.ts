import type { JsonObject } from '../json.ts';
import { toJsonText } from '../raw-text.ts';
import type { AnswerContext, DialectStream } from './dialect.ts';
import { openAiErrors } from './openai-errors.ts';
import { asksForUsage } from './shapes/shared-options.ts';

const DONE = { data: '[DONE]' };

/** Chunks as plain `data:` events, ended by `[DONE]`, also after an error: OpenAI's clients wait for it. */
export function dataStream({ body, requestId }: AnswerContext): DialectStream {
  const hidesUsage = !asksForUsage(body);
  return {
    chunk: (chunk) => (hidesUsage && isUsageChunk(chunk) ? [] : [{ data: toJsonText(chunk) }]),
    end: () => [DONE],
    fail: (error) => [{ data: JSON.stringify(openAiErrors.envelope(error, requestId)) }, DONE],
  };
}

function isUsageChunk({ choices, usage }: JsonObject): boolean {
  return Array.isArray(choices) && choices.length === 0 && usage !== null && usage !== undefined;
}
