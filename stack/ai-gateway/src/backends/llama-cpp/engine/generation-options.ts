import { randomInt } from 'node:crypto';
import { type LlamaModel, TokenBias } from 'node-llama-cpp';
import type { Sampling } from './inference-protocol.ts';

/** As llama.cpp's own server samples when nothing is said. */
const DEFAULT_TEMPERATURE = 0.8;
const DEFAULT_TOP_P = 0.95;
/** OpenAI's bias that means "never". */
const FORBIDDEN = -100;
const SEEDS = 2 ** 32;

/** The caller's wishes in node-llama-cpp's terms. */
export function generationOptions(sampling: Sampling, model: LlamaModel, isDemo: boolean) {
  const { frequencyPenalty, presencePenalty, logitBias, thoughtTokens } = sampling;
  const isPenalized = frequencyPenalty !== undefined || presencePenalty !== undefined;
  return {
    // The demo model says its sentences in order unless it is asked for others.
    temperature: sampling.temperature ?? (isDemo ? 0 : DEFAULT_TEMPERATURE),
    topP: sampling.topP ?? (isDemo ? 1 : DEFAULT_TOP_P),
    ...(sampling.topK === undefined ? {} : { topK: sampling.topK }),
    ...(sampling.minP === undefined ? {} : { minP: sampling.minP }),
    // node-llama-cpp would take the second of the day: all that are asked within it would get the same answer.
    seed: sampling.seed ?? randomInt(SEEDS),
    ...(sampling.stop === undefined ? {} : { customStopTriggers: sampling.stop }),
    ...(isPenalized
      ? {
          repeatPenalty: {
            penalty: 1,
            frequencyPenalty: frequencyPenalty ?? 0,
            presencePenalty: presencePenalty ?? 0,
          },
        }
      : {}),
    ...(logitBias === undefined ? {} : { tokenBias: toTokenBias(logitBias, model) }),
    ...(thoughtTokens === undefined ? {} : { budgets: { thoughtTokens } }),
  };
}

function toTokenBias(entries: readonly (readonly [number, number])[], model: LlamaModel): TokenBias {
  const bias = TokenBias.for(model);
  for (const [token, value] of entries)
    bias.set(token as Parameters<TokenBias['set']>[0], value <= FORBIDDEN ? 'never' : { logit: value });
  return bias;
}
