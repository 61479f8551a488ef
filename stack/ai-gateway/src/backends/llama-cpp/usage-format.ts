import type { JsonObject } from '../../json.ts';
import type { Done } from './engine/inference-protocol.ts';

/**
 * OpenAI's `usage`.
 *
 * @param done of each choice of the first prompt, then of the second, and so on
 * @param choices to each prompt, which counts once
 */
export function toUsage(done: readonly Done[], choices = 1): JsonObject {
  const sum = (some: readonly Done[], of: (one: Done) => number): number =>
    some.reduce((total, one) => total + of(one), 0);
  const prompts = done.filter((_, index) => index % choices === 0);
  const promptTokens = sum(prompts, (one) => one.promptTokens);
  const completionTokens = sum(done, (one) => one.completionTokens);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: sum(prompts, (one) => one.cachedTokens) },
    completion_tokens_details: { reasoning_tokens: sum(done, (one) => one.reasoningTokens) },
  };
}
