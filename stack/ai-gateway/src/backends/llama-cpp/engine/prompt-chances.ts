import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import { logitWish, readLogits } from './read-logits.ts';
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
      following.map((next, index) => [
        tokens[from + index] as Token,
        // At temperature 0 the numbers are the model's own: nothing is sampled, and nothing left out.
        { generateNext: { options: { temperature: 0 }, ...logitWish([next], top) } },
      ]),
    );
    for (const [index, token] of following.entries())
      told.push({ token, ...readLogits(token, results[index]?.next, top) });
  }
  signal.throwIfAborted();
  return told;
}
