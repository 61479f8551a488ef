import { LlamaChat, LlamaCompletion, type LlamaContextSequence, type Token } from 'node-llama-cpp';

/** One of the answers that the context can hold side by side, with the tokens it has evaluated last. */
export class SequenceSlot {
  readonly sequence: LlamaContextSequence;
  readonly chat: LlamaChat;
  #completion: LlamaCompletion | undefined;

  constructor(sequence: LlamaContextSequence) {
    this.sequence = sequence;
    this.chat = new LlamaChat({ contextSequence: sequence });
  }

  get completion(): LlamaCompletion {
    this.#completion ??= new LlamaCompletion({ contextSequence: this.sequence });
    return this.#completion;
  }

  /** How many of these tokens it has evaluated already, from the first one on. */
  commonPrefix(tokens: Token[]): number {
    return this.sequence.compareContextTokens(tokens).firstDifferentIndex;
  }

  /**
   * Evaluates a prompt except for its last token, in pieces of a batch, so that an abort ends it after the piece under way.
   *
   * Left to generateResponse it would be one call, which nothing stops: half a minute for a long prompt on a CPU.
   */
  async prefill(tokens: Token[], signal: AbortSignal): Promise<void> {
    const { sequence } = this;
    await sequence.adaptStateToTokens(tokens, false);
    const size = sequence.context.batchSize;
    while (sequence.nextTokenIndex < tokens.length - 1) {
      signal.throwIfAborted();
      const from = sequence.nextTokenIndex;
      const piece = tokens.slice(from, Math.min(from + size, tokens.length - 1));
      await sequence.evaluateWithoutGeneratingNewTokens(piece);
      if (sequence.nextTokenIndex <= from) return;
    }
    signal.throwIfAborted();
  }
}

/** The sequences that nobody uses, the longest unused first. */
export class SequencePool {
  readonly #idle: SequenceSlot[];

  constructor(slots: readonly SequenceSlot[]) {
    this.#idle = [...slots];
  }

  /** Some idle one, without taking it. */
  any(): SequenceSlot {
    const slot = this.#idle[0];
    if (slot === undefined) throw new Error('All sequences of the model are busy.');
    return slot;
  }

  /** The idle one that has most of the prompt evaluated, and how much of it. */
  take(tokens: Token[]): { slot: SequenceSlot; cachedTokens: number } {
    let best: SequenceSlot | undefined;
    let cachedTokens = -1;
    for (const slot of this.#idle) {
      const common = slot.commonPrefix(tokens);
      if (common <= cachedTokens) continue;
      best = slot;
      cachedTokens = common;
    }
    if (best === undefined) throw new Error('All sequences of the model are busy.');
    this.#idle.splice(this.#idle.indexOf(best), 1);
    // The last token is always evaluated, for what comes after it.
    return { slot: best, cachedTokens: Math.min(cachedTokens, Math.max(0, tokens.length - 1)) };
  }

  give(slot: SequenceSlot): void {
    this.#idle.push(slot);
  }
}
