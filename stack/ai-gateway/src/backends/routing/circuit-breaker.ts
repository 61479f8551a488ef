import type { BreakerSettings } from '../../config/routing-schema.ts';

export type CircuitState =
  | { readonly kind: 'closed' }
  /** Left alone until then; on the breaker's own clock. */
  | { readonly kind: 'open'; readonly until: number }
  /** One request tries whether it is well again. */
  | { readonly kind: 'half-open' };

/** Leave to ask a backend once. The first outcome told counts. */
export interface Permit {
  /** The answer has begun: that is enough for a test, however long the rest takes. */
  begin(): void;
  succeed(): void;
  fail(): void;
  /** Nothing was learned: the caller left, or the request itself was at fault. */
  cancel(): void;
}

export interface CircuitBreakerOptions {
  readonly settings: BreakerSettings;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** From 0 to 1; spreads the return of many gateways to one upstream. */
  readonly random: () => number;
  readonly onChange?: (state: CircuitState) => void;
}

const BUCKETS = 10;

/** Leaves a backend alone after failures in a row, or too large a share of them, and tries it again with one request. */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  readonly #buckets: { at: number; requests: number; failures: number }[] = [];
  #state: CircuitState = { kind: 'closed' };
  #inRow = 0;
  #timesOpened = 0;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  /** As of now: one that has been open for long enough is half-open. */
  get state(): CircuitState {
    const state = this.#state;
    const isOver = state.kind === 'open' && this.#options.now() >= state.until;
    return isOver ? { kind: 'half-open' } : state;
  }

  get failuresInRow(): number {
    return this.#inRow;
  }

  /** Leave to ask; undefined while the backend is to be left alone. */
  enter(): Permit | undefined {
    const state = this.state;
    // Half-open by its own state: the test request is under way.
    if (state.kind === 'open' || this.#state.kind === 'half-open') return undefined;
    let isTest = state.kind === 'half-open';
    if (isTest) this.#change({ kind: 'half-open' });
    let isSettled = false;
    const once = (settle: () => void) => (): void => {
      if (isSettled) return;
      isSettled = true;
      settle();
    };
    return {
      begin: () => {
        if (isTest && !isSettled) this.#succeeded(true);
        isTest = false;
      },
      succeed: once(() => this.#succeeded(isTest)),
      fail: once(() => this.#failed(isTest)),
      cancel: once(() => {
        if (isTest && this.#state.kind === 'half-open')
          this.#change({ kind: 'open', until: this.#options.now() });
      }),
    };
  }

  /** The backend has shown by other means that it is there again: try it with the next request. */
  hint(): void {
    if (this.#state.kind === 'open') this.#change({ kind: 'open', until: this.#options.now() });
  }

  #succeeded(isTest: boolean): void {
    // What was under way when it opened does not close it: that is for the test request.
    if (this.#state.kind !== 'closed' && !isTest) return;
    this.#inRow = 0;
    this.#count(0);
    if (!isTest) return;
    this.#timesOpened = 0;
    this.#buckets.length = 0;
    this.#change({ kind: 'closed' });
  }

  #failed(isTest: boolean): void {
    const { settings } = this.#options;
    if (this.#state.kind !== 'closed' && !isTest) return;
    this.#inRow += 1;
    this.#count(1);
    if (settings.failures === 0) return;
    if (isTest || this.#inRow >= settings.failures || this.#isRateTooHigh()) this.#open();
  }

  #open(): void {
    const { now, random, settings } = this.#options;
    const ms = Math.min(settings.maxOpenMs, settings.openMs * 2 ** Math.min(this.#timesOpened, 30));
    this.#timesOpened += 1;
    this.#change({ kind: 'open', until: now() + ms * (0.8 + 0.4 * random()) });
  }

  #count(failures: 0 | 1): void {
    const { now, settings } = this.#options;
    const width = settings.windowMs / BUCKETS;
    const at = Math.floor(now() / width);
    let bucket = this.#buckets.at(-1);
    if (bucket?.at !== at) {
      bucket = { at, requests: 0, failures: 0 };
      this.#buckets.push(bucket);
      while ((this.#buckets[0]?.at ?? at) <= at - BUCKETS) this.#buckets.shift();
    }
    bucket.requests += 1;
    bucket.failures += failures;
  }

  #isRateTooHigh(): boolean {
    const { errorRate, minRequests } = this.#options.settings;
    let requests = 0;
    let failures = 0;
    for (const bucket of this.#buckets) {
      requests += bucket.requests;
      failures += bucket.failures;
    }
    return requests >= minRequests && failures / requests >= errorRate;
  }

  #change(state: CircuitState): void {
    const isNew = state.kind !== this.#state.kind;
    this.#state = state;
    if (isNew) this.#options.onChange?.(state);
  }
}
