import { estimateTokens } from '@skilldeck/agent-skills';
import { AdmissionQueue } from '../admission/admission-queue.ts';
import type { Backend } from '../backends/backend.ts';
import type { Principal } from '../keys/principal.ts';

interface CountAsk {
  readonly requestId: string;
  readonly principal: Pick<Principal, 'id' | 'weight'>;
  readonly text: string;
  readonly signal: AbortSignal;
}

const MAX_WAITING = 50;
/** Of those who wait, together. */
const MAX_WAITING_TOKENS = 2_000_000;
const LIMIT_MS = 5000;
/** Milliseconds of a tokenizer's time, in which no answer goes on. */
const PIECE_LENGTH = 32_768;

/**
 * Asks the tokenizers of backends, which give answers meanwhile: each for one text at a time and for that in pieces, so
 * that answers go on in between. Who waits has its turn by the same rules as those who wait for an answer.
 */
export class TextCounter {
  readonly #queue: AdmissionQueue;
  readonly #limitMs: number;

  constructor(limitMs: number = LIMIT_MS) {
    this.#limitMs = limitMs;
    this.#queue = new AdmissionQueue({
      maxConcurrent: Number.POSITIVE_INFINITY,
      maxQueue: MAX_WAITING,
      maxQueuedTokens: MAX_WAITING_TOKENS,
      queueTimeoutMs: limitMs,
    });
  }

  /** undefined where there is no tokenizer, where it fails, and where too many ask it. */
  async count(
    backend: Backend,
    { principal, requestId, signal, text }: CountAsk,
  ): Promise<number | undefined> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(this.#limitMs)]);
    try {
      const slot = await this.#queue.acquire({
        requestId,
        principal,
        priority: 'interactive',
        model: backend.model?.id ?? backend.name,
        backends: [{ name: backend.name, limit: 1 }],
        promptTokens: estimateTokens(text),
        signal: limit,
      });
      try {
        return await countPieces(backend, text, limit);
      } finally {
        slot.release();
      }
    } catch {
      signal.throwIfAborted();
      // Callers have an estimate.
      return undefined;
    }
  }
}

async function countPieces(backend: Backend, text: string, signal: AbortSignal): Promise<number | undefined> {
  let tokens = 0;
  let start = 0;
  do {
    signal.throwIfAborted();
    const piece = pieceOf(text, start);
    const counted = await backend.countTokens(piece, signal);
    if (counted === undefined) return undefined;
    tokens += counted;
    start += piece.length;
  } while (start < text.length);
  return tokens;
}

/** Ends before a space, with which tokenizers begin the next word. */
function pieceOf(text: string, start: number): string {
  const piece = text.slice(start, start + PIECE_LENGTH);
  if (start + piece.length >= text.length) return piece;
  const space = piece.lastIndexOf(' ');
  if (space > 0) return piece.slice(0, space);
  return /[\uD800-\uDBFF]$/.test(piece) ? piece.slice(0, -1) : piece;
}
