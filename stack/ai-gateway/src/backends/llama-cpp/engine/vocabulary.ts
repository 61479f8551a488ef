import type { LlamaModel, Token } from 'node-llama-cpp';
import { EngineFault } from './engine-fault.ts';
import type { TextOrTokens } from './inference-protocol.ts';

/** Texts as the model's tokens. */
export class Vocabulary {
  readonly #model: LlamaModel;
  #size: number | undefined;

  constructor(model: LlamaModel) {
    this.#model = model;
  }

  /** Special tokens in a text are plain words; tokens are taken as they are. */
  tokens(text: TextOrTokens): Token[] {
    if (typeof text === 'string') return this.#model.tokenize(text);
    this.check(text);
    return text as Token[];
  }

  /** The native code reads beyond its tables for a token that does not exist. */
  check(tokens: readonly number[]): void {
    const size = this.#count();
    const stranger = tokens.find((token) => token < 0 || token >= size);
    if (stranger !== undefined)
      throw new EngineFault('unsupported', `The model has no token ${stranger}; it has ${size}.`);
  }

  #count(): number {
    if (this.#size === undefined) {
      this.#size = 0;
      for (const _token of this.#model.iterateAllTokens()) this.#size += 1;
    }
    return this.#size;
  }
}
