import { GatewayError } from '../gateway-error.ts';
import type { Principal } from '../keys/principal.ts';
import type { Priority } from '../pipeline/generation-request.ts';

export interface AdmissionLimits {
  readonly maxConcurrent: number;
  readonly maxQueue: number;
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

interface Waiting {
  readonly request: AdmissionRequest;
  readonly since: number;
  readonly admit: (slot: Slot) => void;
}

/** Weight of the newest service time in the running mean behind `Retry-After`. */
const SERVICE_TIME_WEIGHT = 0.2;
const MAX_RETRY_SECONDS = 60;

/**
 * Lets a bounded number of requests work and a bounded number wait, first come first served.
 *
 * A request whose backend is busy does not hold up one behind it whose backend is free.
 */
export class AdmissionQueue {
  readonly #running = new Set<Running>();
  readonly #waiting: Waiting[] = [];
  readonly #now: () => number;
  #limits: AdmissionLimits;
  #meanServiceMs = 1000;

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
    return this.#waiting.length;
  }

  setLimits(limits: AdmissionLimits): void {
    this.#limits = limits;
    this.#admitWaiting();
  }

  inFlightOf(backend: string): number {
    let count = 0;
    for (const running of this.#running) if (running.backend === backend) count += 1;
    return count;
  }

  /** Waits for a slot. Rejects when the queue is full, the wait is too long or the signal aborts. */
  async acquire(request: AdmissionRequest): Promise<Slot> {
    request.signal.throwIfAborted();
    // Someone at the front may wait for a busy backend while this request's backend is idle.
    const isFull = this.#waiting.length >= this.#limits.maxQueue;
    if (this.#waiting.length === 0 || isFull) {
      const backend = this.#freeBackend(request);
      if (backend !== undefined) return this.#start(request, backend, this.#now());
    }
    if (isFull) {
      throw this.#refuse(
        'queue_full',
        `All ${this.#limits.maxConcurrent} slots are busy and the queue is full.`,
      );
    }
    return this.#wait(request);
  }

  snapshot(): { running: RunningRequest[]; waiting: WaitingRequest[] } {
    const now = this.#now();
    return {
      running: [...this.#running].map(({ backend, request, startedAt }) => ({
        requestId: request.requestId,
        model: request.model,
        backend,
        elapsedMs: Math.round(now - startedAt),
      })),
      waiting: this.#waiting.map(({ request, since }, index) => ({
        requestId: request.requestId,
        model: request.model,
        position: index + 1,
        waitedMs: Math.round(now - since),
      })),
    };
  }

  #wait(request: AdmissionRequest): Promise<Slot> {
    return new Promise<Slot>((resolve, reject) => {
      const leave = (reason: unknown): void => {
        const index = this.#waiting.indexOf(entry);
        if (index >= 0) this.#waiting.splice(index, 1);
        cleanUp();
        reject(reason);
      };
      const handleAbort = (): void => leave(request.signal.reason);
      const timer = setTimeout(() => {
        leave(this.#refuse('queue_timeout', `No slot became free within ${this.#limits.queueTimeoutMs} ms.`));
      }, this.#limits.queueTimeoutMs);
      const cleanUp = (): void => {
        clearTimeout(timer);
        request.signal.removeEventListener('abort', handleAbort);
      };
      const entry: Waiting = {
        request,
        since: this.#now(),
        admit: (slot) => {
          cleanUp();
          resolve(slot);
        },
      };
      request.signal.addEventListener('abort', handleAbort, { once: true });
      this.#waiting.push(entry);
      // The queue may be waiting for other backends only.
      this.#admitWaiting();
    });
  }

  /** The first of the request's backends that has room now. */
  #freeBackend(request: AdmissionRequest): string | undefined {
    if (this.#running.size >= this.#limits.maxConcurrent) return undefined;
    return request.backends.find(({ limit, name }) => this.inFlightOf(name) < limit)?.name;
  }

  #start(request: AdmissionRequest, backend: string, since: number): Slot {
    const startedAt = this.#now();
    const running: Running = { request, backend, startedAt };
    this.#running.add(running);
    return {
      backend,
      queuedMs: startedAt - since,
      release: () => {
        if (!this.#running.delete(running)) return;
        this.#meanServiceMs += SERVICE_TIME_WEIGHT * (this.#now() - startedAt - this.#meanServiceMs);
        this.#admitWaiting();
      },
    };
  }

  #admitWaiting(): void {
    for (let index = 0; index < this.#waiting.length; ) {
      if (this.#running.size >= this.#limits.maxConcurrent) return;
      const entry = this.#waiting[index];
      const backend = entry && this.#freeBackend(entry.request);
      if (entry === undefined || backend === undefined) {
        index += 1;
        continue;
      }
      this.#waiting.splice(index, 1);
      entry.admit(this.#start(entry.request, backend, entry.since));
    }
  }

  #refuse(code: 'queue_full' | 'queue_timeout', sentence: string): GatewayError {
    const expectedMs =
      ((this.#waiting.length + 1) * this.#meanServiceMs) / Math.max(1, this.#limits.maxConcurrent);
    const retryAfterSeconds = Math.min(MAX_RETRY_SECONDS, Math.max(1, Math.ceil(expectedMs / 1000)));
    return new GatewayError(code, sentence, {
      hint: `Try again in ${retryAfterSeconds} s, or raise MAX_CONCURRENT or MAX_QUEUE.`,
      retryAfterSeconds,
    });
  }
}

export interface RunningRequest {
  readonly requestId: string;
  readonly model: string;
  readonly backend: string;
  readonly elapsedMs: number;
}

export interface WaitingRequest {
  readonly requestId: string;
  readonly model: string;
  readonly position: number;
  readonly waitedMs: number;
}
