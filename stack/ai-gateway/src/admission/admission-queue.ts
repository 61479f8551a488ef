import { GatewayError, type GatewayErrorCode } from '../gateway-error.ts';
import type { Principal } from '../keys/principal.ts';
import type { Priority } from '../pipeline/generation-request.ts';
import { FairTags } from './fair-tags.ts';
import { ServiceTimes } from './service-times.ts';
import { comesBefore, WaitingLane, type WaitingOrder } from './waiting-lane.ts';

export interface AdmissionLimits {
  readonly maxConcurrent: number;
  readonly maxQueue: number;
  /** Of the prompts of those who wait, together; left out: no limit. */
  readonly maxQueuedTokens?: number | undefined;
  readonly queueTimeoutMs: number;
}

export interface AdmissionRequest {
  readonly requestId: string;
  /** On whose behalf, and its share. */
  readonly principal: Pick<Principal, 'id' | 'weight'>;
  readonly priority: Priority;
  readonly model: string;
  /** Who may answer, in order of preference. */
  readonly backends: readonly BackendLimit[];
  /** Estimate, for the limit on queued prompt tokens. */
  readonly promptTokens: number;
  /** It has waited before and comes again: before all others. */
  readonly isAgain?: boolean;
  readonly signal: AbortSignal;
}

export interface BackendLimit {
  readonly name: string;
  /** How many requests the backend itself can work on at once. */
  readonly limit: number;
}

export interface Slot {
  /** The backend that the slot is for. */
  readonly backend: string;
  readonly queuedMs: number;
  /** Gives the slot back; call it only when the backend has really ended. Further calls do nothing. */
  release(): void;
}

interface Running {
  readonly request: AdmissionRequest;
  readonly backend: string;
  readonly startedAt: number;
}

interface Waiting extends WaitingOrder {
  readonly request: AdmissionRequest;
  readonly admit: (slot: Slot) => void;
}

interface Lane {
  readonly backends: readonly BackendLimit[];
  readonly waiting: WaitingLane<Waiting>;
}

const MAX_RETRY_SECONDS = 60;
/** More are not listed. */
const MAX_LISTED = 500;

/**
 * Lets a bounded number of requests work and a bounded number wait: interactive before batch, and each principal by its
 * share, first come first served within it.
 *
 * A request whose backend is busy does not hold up one behind it whose backend is free. Costs the logarithm of the number of
 * those who wait.
 */
export class AdmissionQueue {
  readonly #running = new Set<Running>();
  readonly #inFlight = new Map<string, number>();
  readonly #lanes = new Map<string, Lane>();
  readonly #tags = new FairTags();
  readonly #times = new ServiceTimes();
  readonly #now: () => number;
  #limits: AdmissionLimits;
  #depth = 0;
  #queuedTokens = 0;
  #seq = 0;

  constructor(limits: AdmissionLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  get limits(): AdmissionLimits {
    return this.#limits;
  }

  get inFlight(): number {
    return this.#running.size;
  }

  get depth(): number {
    return this.#depth;
  }

  /** Estimate of the prompts of those who wait. */
  get queuedTokens(): number {
    return this.#queuedTokens;
  }

  setLimits(limits: AdmissionLimits): void {
    this.#limits = limits;
    this.#admitWaiting();
  }

  inFlightOf(backend: string): number {
    return this.#inFlight.get(backend) ?? 0;
  }

  /** Waits for a slot. Rejects when the queue is full, the wait is too long or the signal aborts. */
  async acquire(request: AdmissionRequest): Promise<Slot> {
    request.signal.throwIfAborted();
    // Whoever waits now waits for busy backends: a free one is free for this request.
    const backend = this.#freeBackend(request.backends);
    if (backend !== undefined) {
      const tag = this.#tags.next(request.principal);
      this.#tags.admitted(tag);
      return this.#start(request, backend, this.#now());
    }
    const { maxConcurrent, maxQueue, maxQueuedTokens } = this.#limits;
    if (this.#depth >= maxQueue)
      throw this.#refuse(request, 'queue_full', `All ${maxConcurrent} slots are busy and the queue is full.`);
    const tokens = this.#queuedTokens + request.promptTokens;
    if (maxQueuedTokens !== undefined && this.#depth > 0 && tokens > maxQueuedTokens)
      throw this.#refuse(
        request,
        'queue_tokens_full',
        `Those who wait have about ${this.#queuedTokens} tokens of prompts already; ${maxQueuedTokens} may wait.`,
      );
    return this.#wait(request);
  }

  /** Those who wait in the order in which they would be admitted if all backends were free. */
  snapshot(): { running: RunningRequest[]; waiting: WaitingRequest[] } {
    const now = this.#now();
    const waiting = [...this.#lanes.values()]
      .flatMap((lane) => lane.waiting.values().map((entry) => ({ entry, lane })))
      .sort((a, b) => (comesBefore(a.entry, b.entry, now) ? -1 : 1));
    return {
      running: [...this.#running].slice(0, MAX_LISTED).map(({ backend, request, startedAt }) => ({
        ...named(request),
        backend,
        elapsedMs: Math.round(now - startedAt),
      })),
      waiting: waiting.slice(0, MAX_LISTED).map(({ entry, lane }, index) => ({
        ...named(entry.request),
        position: index + 1,
        waitedMs: Math.round(now - entry.since),
        expectedWaitMs: Math.round(this.#expectedMs(lane.backends, index + 1)),
      })),
    };
  }

  #wait(request: AdmissionRequest): Promise<Slot> {
    return new Promise<Slot>((resolve, reject) => {
      const lane = this.#laneOf(request.backends);
      const leave = (reason: unknown): void => {
        lane.waiting.leave(entry);
        cleanUp();
        reject(reason);
      };
      const handleAbort = (): void => leave(request.signal.reason);
      const timer = setTimeout(() => {
        const sentence = `No slot became free within ${this.#limits.queueTimeoutMs} ms.`;
        leave(this.#refuse(request, 'queue_timeout', sentence));
      }, this.#limits.queueTimeoutMs);
      const cleanUp = (): void => {
        clearTimeout(timer);
        request.signal.removeEventListener('abort', handleAbort);
        this.#depth -= 1;
        this.#queuedTokens -= request.promptTokens;
        if (lane.waiting.size === 0) this.#lanes.delete(keyOf(request.backends));
      };
      this.#seq += 1;
      const entry: Waiting = {
        request,
        tag: request.isAgain === true ? this.#tags.front : this.#tags.next(request.principal),
        seq: this.#seq,
        priority: request.priority,
        since: this.#now(),
        isGone: false,
        admit: (slot) => {
          cleanUp();
          resolve(slot);
        },
      };
      request.signal.addEventListener('abort', handleAbort, { once: true });
      lane.waiting.add(entry);
      this.#depth += 1;
      this.#queuedTokens += request.promptTokens;
    });
  }

  #laneOf(backends: readonly BackendLimit[]): Lane {
    const key = keyOf(backends);
    const known = this.#lanes.get(key) ?? { backends, waiting: new WaitingLane<Waiting>() };
    this.#lanes.set(key, known);
    return known;
  }

  /** The first of these that has room now. */
  #freeBackend(backends: readonly BackendLimit[]): string | undefined {
    if (this.#running.size >= this.#limits.maxConcurrent) return undefined;
    return backends.find(({ limit, name }) => this.inFlightOf(name) < limit)?.name;
  }

  #start(request: AdmissionRequest, backend: string, since: number): Slot {
    const startedAt = this.#now();
    const running: Running = { request, backend, startedAt };
    this.#running.add(running);
    this.#inFlight.set(backend, this.inFlightOf(backend) + 1);
    return {
      backend,
      queuedMs: startedAt - since,
      release: () => {
        if (!this.#running.delete(running)) return;
        const left = this.inFlightOf(backend) - 1;
        if (left === 0) this.#inFlight.delete(backend);
        else this.#inFlight.set(backend, left);
        this.#times.note(backend, this.#now() - startedAt);
        this.#admitWaiting();
      },
    };
  }

  #admitWaiting(): void {
    while (this.#running.size < this.#limits.maxConcurrent) {
      const now = this.#now();
      let best: { readonly entry: Waiting; readonly lane: Lane; readonly backend: string } | undefined;
      for (const lane of this.#lanes.values()) {
        const backend = this.#freeBackend(lane.backends);
        const entry = backend === undefined ? undefined : lane.waiting.first(now);
        if (backend === undefined || entry === undefined) continue;
        if (best === undefined || comesBefore(entry, best.entry, now)) best = { entry, lane, backend };
      }
      if (best === undefined) return;
      const { backend, entry, lane } = best;
      lane.waiting.take(entry);
      this.#tags.admitted(entry.tag);
      entry.admit(this.#start(entry.request, backend, entry.since));
    }
  }

  #expectedMs(backends: readonly BackendLimit[], position: number): number {
    const room = backends.reduce((sum, { limit }) => sum + limit, 0);
    const slots = Math.max(1, Math.min(this.#limits.maxConcurrent, room));
    return (position * this.#times.of(backends.map(({ name }) => name))) / slots;
  }

  #refuse(
    { backends }: AdmissionRequest,
    code: Extract<GatewayErrorCode, 'queue_full' | 'queue_timeout' | 'queue_tokens_full'>,
    sentence: string,
  ): GatewayError {
    const seconds = Math.ceil(this.#expectedMs(backends, this.#depth + 1) / 1000);
    const retryAfterSeconds = Math.min(MAX_RETRY_SECONDS, Math.max(1, seconds));
    return new GatewayError(code, sentence, {
      hint: `Try again in ${retryAfterSeconds} s, or raise MAX_CONCURRENT or MAX_QUEUE.`,
      retryAfterSeconds,
    });
  }
}

function named({ model, principal, priority, promptTokens, requestId }: AdmissionRequest): NamedRequest {
  return { requestId, model, principal: principal.id, priority, promptTokens };
}

function keyOf(backends: readonly BackendLimit[]): string {
  return backends.map(({ limit, name }) => `${name}:${limit}`).join(' ');
}

interface NamedRequest {
  readonly requestId: string;
  readonly model: string;
  readonly principal: string;
  readonly priority: Priority;
  readonly promptTokens: number;
}

export interface RunningRequest extends NamedRequest {
  readonly backend: string;
  readonly elapsedMs: number;
}

export interface WaitingRequest extends NamedRequest {
  readonly position: number;
  readonly waitedMs: number;
  /** By how long answers took lately. */
  readonly expectedWaitMs: number;
}
