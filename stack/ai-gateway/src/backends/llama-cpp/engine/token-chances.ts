import type { LlamaContextSequence, SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import { logitWish, readLogits } from './read-logits.ts';

/** How likely the model held a token to be, before the temperature. */
export interface TokenChance {
  readonly token: Token;
  /** Natural logarithm of its probability among all that could have followed. */
  readonly logprob: number;
  /** The likeliest ones in its place, from the likeliest on. */
  readonly top: readonly { readonly token: Token; readonly logprob: number }[];
}

export interface ChanceWish {
  /** Alternatives to tell of each token. */
  readonly top: number;
  /** Of the sampling; it is taken out again. */
  readonly temperature: number;
  /** A grammar says what may follow, or functions may be called, which are held by one. */
  readonly isHeld: boolean;
}

type Steps = AsyncGenerator<Token, void, undefined | Token | Token[]>;

/**
 * The probabilities of the tokens that a sequence generates.
 *
 * node-llama-cpp's chat and completion ask their sequence for bare tokens (`evaluate`). While somebody wants to know, this
 * answers in place of it, and what it learns is kept until the words of the tokens come out.
 */
export class TokenChances {
  readonly #sequence: LlamaContextSequence;
  readonly #noted: TokenChance[] = [];
  #wish: ChanceWish | undefined;

  constructor(sequence: LlamaContextSequence) {
    this.#sequence = sequence;
    const evaluate = sequence.evaluate.bind(sequence);
    sequence.evaluate = (tokens, options = {}) => {
      if (this.#wish === undefined) return evaluate(tokens, options);
      // At temperature 0 every token of the vocabulary is left: a hundred thousand of them would be handed over at each step.
      const isOpen = this.#wish.temperature === 0 && !this.#wish.isHeld;
      return isOpen
        ? this.#likeliest(this.#wish, tokens, options)
        : this.#sampled(this.#wish, tokens, options);
    };
  }

  /** Notes the probabilities of what is generated from now on; undefined: no more. */
  watch(wish: ChanceWish | undefined): void {
    this.#wish = wish;
    this.#noted.length = 0;
  }

  /**
   * What was noted of these tokens, which come in the order in which they were generated. Those in between were none of
   * the answer's words; one that was made from a part of another one's text is left out.
   */
  take(tokens: readonly Token[]): TokenChance[] {
    return tokens.flatMap((token) => {
      const index = this.#noted.findIndex((noted) => noted.token === token);
      return index < 0 ? [] : this.#noted.splice(0, index + 1).slice(-1);
    });
  }

  async *#sampled(wish: ChanceWish, tokens: Token[], options: SequenceEvaluateOptions): Steps {
    const steps = this.#sequence.evaluateWithMetadata(tokens, { probabilities: true }, options);
    try {
      let replacement: undefined | Token | Token[];
      for (;;) {
        const { done, value } = await steps.next(replacement);
        if (done === true) return;
        this.#noted.push({ token: value.token, ...chancesOf(value.token, value.probabilities, wish) });
        replacement = yield value.token;
      }
    } finally {
      await steps.return();
    }
  }

  /** The same step by step, with no more than what is wanted of each: several times as fast for a large vocabulary. */
  async *#likeliest({ top }: ChanceWish, tokens: Token[], options: SequenceEvaluateOptions): Steps {
    const { dryRepeatPenalty, evaluationPriority, repeatPenalty, tokenBias, yieldEogToken } = options;
    const sampling = withoutUndefined({ temperature: 0, repeatPenalty, dryRepeatPenalty, tokenBias });
    const generateNext = { token: true, options: sampling, ...logitWish([], top) };
    let input: readonly Token[] = tokens;
    while (input.length > 0) {
      const last = input.length - 1;
      const results = await this.#sequence.controlledEvaluate(
        input.map((token, index) => (index === last ? [token, { generateNext }] : token)),
        withoutUndefined({ evaluationPriority }),
      );
      const next = results[last]?.next;
      const token = next?.token;
      if (token === undefined || token === null) throw new Error('The model gave no token.');
      if (yieldEogToken !== true && this.#sequence.model.isEogToken(token)) return;
      this.#noted.push({ token, ...readLogits(token, next, top) });
      const replacement = yield token;
      input = Array.isArray(replacement) ? replacement : [replacement ?? token];
    }
  }
}

/**
 * A temperature raises every probability to the power of 1/T; the power of T leads back to the model's own.
 *
 * @param probabilities from the likeliest on, of all tokens that sampling had left to choose from
 */
export function chancesOf(
  token: Token,
  probabilities: ReadonlyMap<Token, number>,
  { temperature, top }: Pick<ChanceWish, 'temperature' | 'top'>,
): Omit<TokenChance, 'token'> {
  const power = temperature > 0 ? temperature : 1;
  let sum = 0;
  for (const probability of probabilities.values()) sum += probability ** power;
  const logOf = (probability: number): number => power * Math.log(probability) - Math.log(sum);
  const likeliest: { token: Token; logprob: number }[] = [];
  for (const [other, probability] of probabilities) {
    if (likeliest.length >= top || probability === 0) break;
    likeliest.push({ token: other, logprob: logOf(probability) });
  }
  return { logprob: logOf(probabilities.get(token) ?? 0), top: likeliest };
}

/** node-llama-cpp takes what is there for what is meant. */
function withoutUndefined<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
