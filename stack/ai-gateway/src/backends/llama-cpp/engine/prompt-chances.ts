import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import { logitWish, readLogits } from './read-logits.ts';
import type { TokenChance } from './token-chances.ts';

/**
 * Tokens that are read at once. Of each of them a row as long as the vocabulary is looked through, while other sequences
 * wait; and what is told of them goes to the gateway in one message, which it parses in one go.
 */
export const PROMPT_PIECE = 32;

/**
 * Evaluates a prompt except for its last token, from the beginning, and tells of all but the first how likely the model
 * held them to be, piece by piece. An abort ends it after the piece under way.
 */
export async function* readPromptChances(
  sequence: LlamaContextSequence,
  tokens: readonly Token[],
  top: number,
  signal: AbortSignal,
): AsyncGenerator<TokenChance[]> {
  await sequence.clearHistory();
  for (let from = 0; from < tokens.length - 1; from += PROMPT_PIECE) {
    signal.throwIfAborted();
    const following = tokens.slice(from + 1, from + 1 + PROMPT_PIECE);
    const results = await sequence.controlledEvaluate(
      following.map((next, index) => [
        tokens[from + index] as Token,
        // At temperature 0 the numbers are the model's own: nothing is sampled, and nothing left out.
        { generateNext: { options: { temperature: 0 }, ...logitWish([next], top) } },
      ]),
    );
    yield following.map((token, index) => ({ token, ...readLogits(token, results[index]?.next, top) }));
  }
  signal.throwIfAborted();
}
