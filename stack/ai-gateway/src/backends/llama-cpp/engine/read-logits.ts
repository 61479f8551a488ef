import type { Token } from 'node-llama-cpp';
import type { TokenChance } from './token-chances.ts';

/** What `controlledEvaluate` is asked of the place behind a token: these logits, the highest ones, and the weight of all. */
export function logitWish(tokens: readonly Token[], top: number) {
  const filter = { tokens, includeTop: Math.max(1, top), includeSelected: true };
  return { logits: { filter }, totalLogitWeight: true };
}

interface Logits {
  readonly logits?: ReadonlyMap<Token, number>;
  /** The sum of `exp(logit - the highest logit)` over the whole vocabulary. */
  readonly totalLogitWeight?: number;
}

/** The probabilities in them: of this token, and of the likeliest. Those of a place that was not asked about are none. */
export function readLogits(
  token: Token,
  { logits = new Map(), totalLogitWeight: weight = 1 }: Logits = {},
  top: number,
): Omit<TokenChance, 'token'> {
  const likeliest = [...logits].sort(([, one], [, other]) => other - one);
  const highest = likeliest[0]?.[1] ?? 0;
  const logOf = (logit: number): number => logit - highest - Math.log(weight);
  return {
    logprob: logOf(logits.get(token) ?? Number.NEGATIVE_INFINITY),
    top: likeliest.slice(0, top).map(([other, logit]) => ({ token: other, logprob: logOf(logit) })),
  };
}
