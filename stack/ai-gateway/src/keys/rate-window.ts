const WINDOW_MS = 60_000;

export interface RateState {
  readonly limit: number;
  readonly left: number;
  /** Until there is room again, in ms. */
  readonly resetMs: number;
}

/**
 * So many a minute, refilled steadily (a token bucket): a burst of a whole minute's worth is possible, more is not.
 *
 * What was taken on an estimate may be corrected afterwards, also below zero.
 */
export class RateWindow {
  #limit: number;
  #level: number;
  #at: number;

  constructor(limit: number, now: number) {
    this.#limit = limit;
    this.#level = limit;
    this.#at = now;
  }

  get limit(): number {
    return this.#limit;
  }

  /** What was used of the limit before is used of this one; at most all of it, so that nobody waits for a debt. */
  setLimit(limit: number, now: number): void {
    if (limit === this.#limit) return;
    this.#refill(now);
    this.#level = Math.max(0, limit - (this.#limit - this.#level));
    this.#limit = limit;
  }

  /** Takes so much if there is room; else nothing. More than the whole window holds is let through when it is full. */
  take(amount: number, now: number): boolean {
    this.#refill(now);
    if (this.#level < Math.min(amount, this.#limit)) return false;
    this.#level -= amount;
    return true;
  }

  /** Positive: more was used than was taken. */
  correct(amount: number): void {
    this.#level = Math.min(this.#limit, this.#level - amount);
  }

  state(now: number, wanted = 1): RateState {
    this.#refill(now);
    const missing = Math.max(0, Math.min(wanted, this.#limit) - this.#level);
    const resetMs = Math.ceil((missing / this.#limit) * WINDOW_MS);
    return { limit: this.#limit, left: Math.max(0, Math.floor(this.#level)), resetMs };
  }

  #refill(now: number): void {
    this.#level = Math.min(this.#limit, this.#level + ((now - this.#at) / WINDOW_MS) * this.#limit);
    this.#at = now;
  }
}
