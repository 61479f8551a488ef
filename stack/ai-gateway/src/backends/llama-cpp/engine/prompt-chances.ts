import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import type { TokenChance } from './token-chances.ts';

/**
 * Evaluates a prompt except for its last token, from the beginning, and tells of all but the first how likely the model
 * held them to be. An abort ends it after the piece of a batch that is under way.
 */
export async function readPromptChances(
  sequence: LlamaContextSequence,
  tokens: readonly Token[],
  top: number,
  signal: AbortSignal,
): Promise<TokenChance[]> {
  await sequence.clearHistory();
  const size = sequence.context.batchSize;
  const told: TokenChance[] = [];
  for (let from = 0; from < tokens.length - 1; from += size) {
    signal.throwIfAborted();
    const following = tokens.slice(from + 1, from + 1 + size);
    const results = await sequence.controlledEvaluate(
      following.map((next, index) => [tokens[from + index] as Token, { generateNext: wishFor(next, top) }]),
    );
    for (const [index, token] of following.entries())
      told.push({ token, ...chancesIn(token, results[index]?.next, top) });
  }
  signal.throwIfAborted();
  return told;
}

/** At temperature 0 the numbers are the model's own: nothing is sampled, and nothing left out. */
function wishFor(next: Token, top: number) {
  const filter = { tokens: [next], includeTop: Math.max(1, top) };
  return { options: { temperature: 0 }, logits: { filter }, totalLogitWeight: true };
}

interface Evaluated {
  readonly logits?: ReadonlyMap<Token, number>;
  /** The sum of `exp(logit - the highest logit)` over the whole vocabulary. */
  readonly totalLogitWeight?: number;
}

function chancesIn(
  token: Token,
  { logits = new Map(), totalLogitWeight: weight = 1 }: Evaluated = {},
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
