import { LRUCache } from 'lru-cache';
import type { JsonObject } from '../json.ts';

/** An answer as it is kept. */
export interface StoredAnswer {
  readonly body: JsonObject;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
}

/** Map entry, key and object headers; an estimate, so that many small answers are not taken for nothing. */
const ENTRY_BYTES = 400;

/** Answers in this process, bounded by bytes: what was not asked for longest goes first. */
export class MemoryTier {
  #entries: LRUCache<string, { readonly answer: StoredAnswer; readonly bytes: number }>;
  #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#entries = create(maxBytes);
  }

  get bytes(): number {
    return this.#entries.calculatedSize;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): StoredAnswer | undefined {
    return this.#entries.get(key)?.answer;
  }

  set(key: string, answer: StoredAnswer, bytes: number, ttlMs: number): void {
    this.#entries.set(key, { answer, bytes: bytes + ENTRY_BYTES }, { ttl: ttlMs });
  }

  /** Keeps what still fits. */
  resize(maxBytes: number): void {
    if (maxBytes === this.#maxBytes) return;
    const before = this.#entries.dump();
    this.#maxBytes = maxBytes;
    this.#entries = create(maxBytes);
    this.#entries.load(before);
  }

  clear(): void {
    this.#entries.clear();
  }
}

function create(maxBytes: number) {
  return new LRUCache<string, { readonly answer: StoredAnswer; readonly bytes: number }>({
    maxSize: Math.max(1, maxBytes),
    sizeCalculation: ({ bytes }) => bytes,
  });
}
