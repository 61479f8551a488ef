import type { LlamaContextSequence, SequenceEvaluateOptions, Token } from 'node-llama-cpp';

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
}

/**
 * The probabilities of the tokens that a sequence generates.
 *
 * node-llama-cpp's chat and completion ask their sequence for bare tokens (`evaluate`). While somebody wants to know, its
 * `evaluateWithMetadata` answers in place of it and what it tells is kept until the words of the tokens come out.
 */
export class TokenChances {
  readonly #noted: TokenChance[] = [];
  #wish: ChanceWish | undefined;

  constructor(sequence: LlamaContextSequence) {
    const evaluate = sequence.evaluate.bind(sequence);
    sequence.evaluate = (tokens, options) =>
      this.#wish === undefined
        ? evaluate(tokens, options)
        : this.#watched(sequence, this.#wish, tokens, options);
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

  async *#watched(
    sequence: LlamaContextSequence,
    wish: ChanceWish,
    tokens: Token[],
    options?: SequenceEvaluateOptions,
  ): AsyncGenerator<Token, void, undefined | Token | Token[]> {
    const steps = sequence.evaluateWithMetadata(tokens, { probabilities: true }, options);
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
}

/**
 * A temperature raises every probability to the power of 1/T; the power of T leads back to the model's own.
 *
 * @param probabilities from the likeliest on, of all tokens that sampling had left to choose from
 */
export function chancesOf(
  token: Token,
  probabilities: ReadonlyMap<Token, number>,
  { temperature, top }: ChanceWish,
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
