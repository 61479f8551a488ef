import type { BackendAnswer } from '../backends/backend.ts';
import { answerChunks } from '../dialects/answers/answer-chunks.ts';
import type { JsonObject } from '../json.ts';
import type { CacheDirective, GenerationRequest } from '../pipeline/generation-request.ts';
import { type CacheKeyParts, type CachePolicy, cacheKey, isDeterministic, isStorable } from './cacheable.ts';
import { MemoryTier, type StoredAnswer } from './memory-tier.ts';
import { RedisTier, type RedisTierOptions } from './redis-tier.ts';
import { SharedAnswer } from './shared-answer.ts';

export interface CacheSettings {
  readonly policy: CachePolicy;
  /** `key`: each key has answers of its own. `shared`: all keys share them. */
  readonly scope: 'key' | 'shared';
  readonly memoryBytes: number;
  readonly maxAnswerBytes: number;
  readonly ttlSeconds: number;
}

/** What became of a request at the cache; value of the header `x-cache`. */
export type CacheResult = 'HIT' | 'MISS' | 'COALESCED' | 'BYPASS';
export type CacheTier = 'memory' | 'redis';

export interface CacheNote {
  readonly result: CacheResult;
  readonly tier?: CacheTier;
  readonly key?: string;
  /** Of a hit, in seconds. */
  readonly age?: number;
  /** Of a hit; milliseconds since the epoch. */
  readonly storedAt?: number;
  readonly expiresAt?: number;
}

export interface CachedCall extends Omit<CacheKeyParts, 'scope' | 'target'> {
  /** {@link CacheKeyParts.target}; asked for only where an answer may be kept. */
  readonly target: () => string;
  readonly principal: string;
  readonly directive: CacheDirective;
  readonly signal: AbortSignal;
  readonly note: (note: CacheNote) => void;
  /** Whether what was answered is the answer to this request: that of a fallback is not. */
  readonly mayKeep: () => boolean;
  /** Makes the call. A shared one is not the caller's own: neither its end nor what it is ended by. */
  readonly call: (signal: AbortSignal, shared?: AbortController) => Promise<BackendAnswer>;
}

export interface AnswerCacheOptions {
  readonly settings: CacheSettings;
  readonly redisUrl?: string | undefined;
  readonly onRedisState: RedisTierOptions['onState'];
  readonly now?: () => number;
}

/** Exact answers: from memory, from Redis, from a call that is under way, else from a call. */
export class AnswerCache {
  readonly #memory: MemoryTier;
  readonly #redis: RedisTier | undefined;
  readonly #flights = new Map<string, SharedAnswer>();
  readonly #now: () => number;
  #settings: CacheSettings;

  constructor({ now = Date.now, onRedisState, redisUrl, settings }: AnswerCacheOptions) {
    this.#settings = settings;
    this.#now = now;
    this.#memory = new MemoryTier(settings.memoryBytes);
    this.#redis =
      redisUrl === undefined ? undefined : new RedisTier({ url: redisUrl, onState: onRedisState });
  }

  get status() {
    return {
      policy: this.#settings.policy,
      entries: this.#memory.size,
      bytes: this.#memory.bytes,
      maxBytes: this.#settings.memoryBytes,
      ...(this.#redis === undefined ? {} : { redis: this.#redis.isUp ? ('up' as const) : ('down' as const) }),
    };
  }

  configure(settings: CacheSettings): void {
    this.#settings = settings;
    this.#memory.resize(settings.memoryBytes);
  }

  async answer(cached: CachedCall): Promise<BackendAnswer> {
    const { directive, note, request, signal } = cached;
    if (directive === 'no-store' || !this.#mayKeep(request)) {
      note({ result: 'BYPASS' });
      return cached.call(signal);
    }
    const scope = this.#settings.scope === 'key' ? cached.principal : '';
    const key = cacheKey({ request, scope, skills: cached.skills, target: cached.target() });
    if (directive === 'default') {
      const found = await this.#find(key);
      if (found !== undefined) {
        const age = Math.max(0, Math.round((this.#now() - found.answer.storedAt) / 1000));
        const { storedAt } = found.answer;
        const expiresAt = storedAt + this.#settings.ttlSeconds * 1000;
        note({ result: 'HIT', tier: found.tier, key, age, storedAt, expiresAt });
        return inForm(found.answer.body, request.stream);
      }
      const flight = this.#flights.get(key);
      if (flight?.isJoinable === true) {
        note({ result: 'COALESCED', key });
        return flight.join(request.stream, signal);
      }
    }
    note({ result: 'MISS', key });
    return this.#begin(key, cached).join(request.stream, signal);
  }

  async clear(): Promise<void> {
    this.#memory.clear();
    await this.#redis?.clear();
  }

  dispose(): void {
    this.#redis?.dispose();
  }

  #mayKeep(request: GenerationRequest): boolean {
    switch (this.#settings.policy) {
      case 'off':
        return false;
      case 'deterministic':
        return isDeterministic(request);
      case 'all':
        return true;
    }
  }

  async #find(key: string): Promise<{ answer: StoredAnswer; tier: CacheTier } | undefined> {
    const near = this.#memory.get(key);
    if (near !== undefined) return { answer: near, tier: 'memory' };
    const far = await this.#redis?.get(key);
    if (far === undefined) return undefined;
    const ttlMs = this.#settings.ttlSeconds * 1000 - (this.#now() - far.storedAt);
    if (ttlMs <= 0) return undefined;
    this.#memory.set(key, far, JSON.stringify(far.body).length, ttlMs);
    return { answer: far, tier: 'redis' };
  }

  #begin(key: string, { call, mayKeep }: CachedCall): SharedAnswer {
    const controller = new AbortController();
    const flight = new SharedAnswer(call(controller.signal, controller), controller, (body) => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
      if (body !== undefined && isStorable(body) && mayKeep()) this.#store(key, body);
    });
    this.#flights.set(key, flight);
    return flight;
  }

  #store(key: string, body: JsonObject): void {
    const { maxAnswerBytes, ttlSeconds } = this.#settings;
    const bytes = JSON.stringify(body).length;
    if (bytes > maxAnswerBytes) return;
    const answer = { body, storedAt: this.#now() };
    this.#memory.set(key, answer, bytes, ttlSeconds * 1000);
    this.#redis?.set(key, answer, ttlSeconds * 1000);
  }
}

function inForm(body: JsonObject, isStream: boolean): BackendAnswer {
  if (!isStream) return { kind: 'whole', body };
  return {
    kind: 'stream',
    chunks: (async function* replay() {
      yield* answerChunks(body);
    })(),
  };
}
