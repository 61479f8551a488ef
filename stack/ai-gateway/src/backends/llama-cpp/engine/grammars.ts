import { LRUCache } from 'lru-cache';
import type { Llama, LlamaGrammar } from 'node-llama-cpp';
import { EngineFault } from './engine-fault.ts';
import type { AnswerFormat, Tool } from './inference-protocol.ts';

const MAX_KEPT = 64;

/** Grammars of answers, kept: making one of a large schema takes longer than the first token. */
export class Grammars {
  readonly #llama: Llama;
  readonly #kept = new LRUCache<string, Promise<LlamaGrammar>>({ max: MAX_KEPT });

  constructor(llama: Llama) {
    this.#llama = llama;
  }

  /** Undefined for free text. */
  forFormat(format: AnswerFormat): Promise<LlamaGrammar | undefined> {
    switch (format.kind) {
      case 'text':
        return Promise.resolve(undefined);
      case 'json':
        return this.#keep('json', () => this.#ofSchema({ type: 'object', additionalProperties: true }));
      case 'schema':
        return this.#keep(JSON.stringify(format.schema), () => this.#ofSchema(format.schema));
    }
  }

  /** One call of one of the tools, as `{"name": …, "parameters": …}`. */
  forCall(tools: readonly Tool[]): Promise<LlamaGrammar> {
    const schema = {
      oneOf: tools.map(({ name, params }) => {
        const { $defs, ...parameters } = params ?? { type: 'object', additionalProperties: false };
        return {
          type: 'object',
          properties: { name: { const: name }, parameters },
          ...($defs === undefined ? {} : { $defs }),
        };
      }),
    };
    return this.#keep(`call ${JSON.stringify(schema)}`, () => this.#ofSchema(schema));
  }

  async #ofSchema(schema: object): Promise<LlamaGrammar> {
    type Schema = Parameters<Llama['createGrammarForJsonSchema']>[0];
    try {
      return await this.#llama.createGrammarForJsonSchema(schema as Schema);
    } catch (error) {
      // The schema is the caller's, and what is wrong with it is theirs to mend.
      const reason = error instanceof Error ? error.message : String(error);
      throw new EngineFault('unsupported', `llama.cpp cannot make a grammar of the schema: ${reason}.`);
    }
  }

  #keep(key: string, make: () => Promise<LlamaGrammar>): Promise<LlamaGrammar> {
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#kept.set(key, made);
    made.catch(() => this.#kept.delete(key));
    return made;
  }
}
