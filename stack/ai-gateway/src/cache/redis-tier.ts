import { Redis } from 'ioredis';
import { z } from 'zod';
import { isJsonObject } from '../json.ts';
import type { StoredAnswer } from './memory-tier.ts';

export interface RedisTierOptions {
  /** `redis://` or `rediss://`, may hold a password. */
  readonly url: string;
  readonly onState: (state: 'up' | 'down', reason?: string) => void;
}

const PREFIX = 'skilldeck:answer:1:';
const CONNECT_MS = 1000;
/** A cache that takes longer than this is no cache. */
const COMMAND_MS = 250;
const RETRY_FIRST_MS = 200;
const RETRY_MAX_MS = 10_000;

const StoredSchema = z.object({
  body: z.custom<Record<string, unknown>>(isJsonObject),
  storedAt: z.number(),
});

/** Answers that replicas share. A Redis that is away is a miss, never an error. */
export class RedisTier {
  readonly #redis: Redis;
  readonly #options: RedisTierOptions;
  #isUp = false;

  constructor(options: RedisTierOptions) {
    this.#options = options;
    this.#redis = new Redis(options.url, {
      lazyConnect: true,
      connectTimeout: CONNECT_MS,
      commandTimeout: COMMAND_MS,
      // A command that cannot be sent now fails now.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (times) => Math.min(RETRY_FIRST_MS * 2 ** Math.min(times, 10), RETRY_MAX_MS),
    });
    this.#redis.on('ready', () => this.#setUp(true));
    this.#redis.on('close', () => this.#setUp(false));
    this.#redis.on('error', (error: Error) => this.#setUp(false, error.message));
    // Its error event has said it; another try follows.
    this.#redis.connect().catch(() => undefined);
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  async get(key: string): Promise<StoredAnswer | undefined> {
    if (!this.#isUp) return undefined;
    try {
      const text = await this.#redis.get(PREFIX + key);
      if (text === null) return undefined;
      return StoredSchema.safeParse(JSON.parse(text)).data;
    } catch {
      // Away, slow, or not what we have written: all the same to the caller.
      return undefined;
    }
  }

  /** Does not wait for Redis. */
  set(key: string, answer: StoredAnswer, ttlMs: number): void {
    if (!this.#isUp) return;
    this.#redis.set(PREFIX + key, JSON.stringify(answer), 'PX', ttlMs).catch(() => undefined);
  }

  /** Removes all answers of all replicas, in small steps. */
  async clear(): Promise<void> {
    if (!this.#isUp) return;
    const stream = this.#redis.scanStream({ match: `${PREFIX}*`, count: 500 });
    for await (const keys of stream as AsyncIterable<string[]>)
      if (keys.length > 0) await this.#redis.unlink(...keys);
  }

  dispose(): void {
    this.#redis.removeAllListeners();
    this.#redis.on('error', () => undefined);
    this.#redis.disconnect();
  }

  #setUp(isUp: boolean, reason?: string): void {
    if (isUp === this.#isUp) return;
    this.#isUp = isUp;
    this.#options.onState(isUp ? 'up' : 'down', reason);
  }
}
