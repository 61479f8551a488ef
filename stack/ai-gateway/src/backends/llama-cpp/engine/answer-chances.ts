import type { LlamaModel, Token } from 'node-llama-cpp';
import type { TokenText } from './inference-protocol.ts';
import type { ChanceWish, TokenChance, TokenChances } from './token-chances.ts';

/** Tokens whose texts depend on those before them: the space in front of a word is left out at the beginning. */
const CONTEXT_TOKENS = 3;
/** OpenAI's number for "as good as never"; JSON has no infinity. */
const NEVER = -9999;

/** Tells the probabilities of one answer's tokens beside its words. `end` must follow. */
export class AnswerChances {
  readonly #model: LlamaModel;
  readonly #chances: TokenChances;
  readonly #isWanted: boolean;
  readonly #before: Token[] = [];

  /** @param wish undefined: nobody wants to know */
  constructor(model: LlamaModel, chances: TokenChances, wish: ChanceWish | undefined) {
    this.#model = model;
    this.#chances = chances;
    this.#isWanted = wish !== undefined;
    chances.watch(wish);
  }

  /** What a reply with the words of these tokens says of them. */
  of(tokens: readonly Token[]): { tokens?: TokenText[] } {
    return this.#isWanted ? { tokens: this.tell(this.#chances.take(tokens)) } : {};
  }

  /** Passes over tokens of which nothing is told: thoughts, and what has no text. */
  pass(tokens: readonly Token[]): void {
    if (!this.#isWanted) return;
    this.#chances.take(tokens);
    for (const token of tokens.slice(-CONTEXT_TOKENS)) this.#remember(token);
  }

  /** Tokens of the chat template are told by their names. */
  tell(chances: readonly ToldChance[]): TokenText[] {
    return chances.map(({ logprob, token, top }) => {
      const told = {
        text: this.#textOf(token),
        logprob: logprob === null ? null : Math.max(NEVER, logprob),
        top: top.map((one) => ({ text: this.#textOf(one.token), logprob: Math.max(NEVER, one.logprob) })),
      };
      this.#remember(token);
      return told;
    });
  }

  end(): void {
    this.#chances.watch(undefined);
  }

  #remember(token: Token): void {
    this.#before.push(token);
    if (this.#before.length > CONTEXT_TOKENS) this.#before.shift();
  }

  #textOf(token: Token): string {
    return this.#model.detokenize([token], true, this.#before);
  }
}

export type ToldChance = TokenChance | FirstToken;

/** Nothing stands before it that it could be likely after. */
interface FirstToken {
  readonly token: Token;
  readonly logprob: null;
  readonly top: readonly [];
}
