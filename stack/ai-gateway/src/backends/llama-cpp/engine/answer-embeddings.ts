import type { LlamaEmbeddingContext, LlamaModel } from 'node-llama-cpp';
import { EngineFault } from './engine-fault.ts';
import type { EmbedAsk, Reply } from './inference-protocol.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A context of its own, made when somebody asks for a vector: most models are never asked. */
export class Embeddings {
  readonly #model: LlamaModel;
  readonly #contextSize: number;
  readonly #threads: number | undefined;
  readonly #vocabulary: Vocabulary;
  #context: Promise<LlamaEmbeddingContext> | undefined;

  constructor(model: LlamaModel, vocabulary: Vocabulary, contextSize: number, threads: number | undefined) {
    this.#model = model;
    this.#vocabulary = vocabulary;
    this.#contextSize = contextSize;
    this.#threads = threads;
  }

  async answer({ id, inputs }: EmbedAsk, signal: AbortSignal): Promise<Reply> {
    const context = await this.#open();
    const vectors: string[] = [];
    let promptTokens = 0;
    for (const [index, input] of inputs.entries()) {
      signal.throwIfAborted();
      const tokens = this.#vocabulary.tokens(input);
      const length = context.calculateInputLength(tokens);
      if (length > this.#contextSize)
        throw new EngineFault(
          'context_length_exceeded',
          `Input ${index} has ${length} tokens; the context holds ${this.#contextSize}.`,
        );
      const { vector } = await context.getEmbeddingFor(tokens);
      vectors.push(toBase64(vector));
      promptTokens += length;
    }
    return { type: 'embedded', id, vectors, promptTokens };
  }

  #open(): Promise<LlamaEmbeddingContext> {
    if (this.#context === undefined) {
      const opening = this.#model.createEmbeddingContext({
        contextSize: this.#contextSize,
        ...(this.#threads === undefined ? {} : { threads: this.#threads }),
      });
      this.#context = opening;
      opening.catch(() => {
        this.#context = undefined;
      });
    }
    return this.#context;
  }
}

/** Scaled to length 1, as OpenAI's are. */
function toBase64(vector: readonly number[]): string {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1;
  const bytes = Buffer.alloc(vector.length * Float32Array.BYTES_PER_ELEMENT);
  for (const [index, value] of vector.entries())
    bytes.writeFloatLE(value / length, index * Float32Array.BYTES_PER_ELEMENT);
  return bytes.toString('base64');
}
