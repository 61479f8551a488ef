import type { JsonObject } from '../../json.ts';
import type { Done } from './engine/inference-protocol.ts';

/** OpenAI's `usage`, of one answer or of several. */
export function toUsage(done: readonly Done[]): JsonObject {
  const sum = (of: (one: Done) => number): number => done.reduce((total, one) => total + of(one), 0);
  const promptTokens = sum((one) => one.promptTokens);
  const completionTokens = sum((one) => one.completionTokens);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: sum((one) => one.cachedTokens) },
    completion_tokens_details: { reasoning_tokens: sum((one) => one.reasoningTokens) },
  };
}
