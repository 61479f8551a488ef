import { LlamaChat, LlamaCompletion, type LlamaContextSequence, type Token } from 'node-llama-cpp';
import { chooseSequence } from './choose-sequence.ts';
import { TokenChances } from './token-chances.ts';

/** One of the answers that the context can hold side by side, with the tokens it has evaluated last. */
export class SequenceSlot {
  readonly sequence: LlamaContextSequence;
  readonly chat: LlamaChat;
  readonly chances: TokenChances;
  #completion: LlamaCompletion | undefined;

  constructor(sequence: LlamaContextSequence) {
    this.sequence = sequence;
    this.chat = new LlamaChat({ contextSequence: sequence });
    this.chances = new TokenChances(sequence);
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
  /** How many requests there were when a sequence was last used. */
  readonly #usedAt = new Map<SequenceSlot, number>();
  #requests = 0;

  constructor(slots: readonly SequenceSlot[]) {
    this.#idle = [...slots];
  }

  /** Some idle one, without taking it. */
  any(): SequenceSlot {
    const slot = this.#idle[0];
    if (slot === undefined) throw new Error('All sequences of the model are busy.');
    return slot;
  }

  /** The idle one that saves most, and how much of the prompt it has evaluated already. */
  take(tokens: Token[]): { slot: SequenceSlot; cachedTokens: number } {
    this.#requests += 1;
    const choices = this.#idle.map((slot) => ({
      common: slot.commonPrefix(tokens),
      held: slot.sequence.nextTokenIndex,
      age: this.#requests - (this.#usedAt.get(slot) ?? 0),
    }));
    const index = chooseSequence(choices);
    const [slot] = this.#idle.splice(index, 1);
    if (slot === undefined) throw new Error('All sequences of the model are busy.');
    this.#usedAt.set(slot, this.#requests);
    // The last token is always evaluated, for what comes after it.
    return { slot, cachedTokens: Math.min(choices[index]?.common ?? 0, Math.max(0, tokens.length - 1)) };
  }

  give(slot: SequenceSlot): void {
    this.#idle.push(slot);
  }
}
