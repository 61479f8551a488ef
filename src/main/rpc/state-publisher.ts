/**
 * Holds the newest value of a piece of state and hands it to any number of subscribers.
 *
 * A subscriber gets the value now and then the newest one after each change; values that come faster than
 * `intervalMs` are coalesced, the last one is never lost. A slow subscriber skips values, it never queues them.
 */
export class StatePublisher<T> {
  readonly #intervalMs: number;
  readonly #waiting = new Set<() => void>();
  #value: T;
  #version = 0;
  #subscribers = 0;

  constructor(initial: T, intervalMs = 50) {
    this.#value = initial;
    this.#intervalMs = intervalMs;
  }

  get value(): T {
    return this.#value;
  }

  /** Everybody who has begun to read and not ended, also while they pause between two values. */
  get subscriberCount(): number {
    return this.#subscribers;
  }

  publish(value: T): void {
    this.#value = value;
    this.#version += 1;
    for (const wake of [...this.#waiting]) wake();
  }

  async *subscribe(signal?: AbortSignal): AsyncGenerator<T, void, void> {
    let seen = -1;
    this.#subscribers += 1;
    try {
      while (!signal?.aborted) {
        if (seen !== this.#version) {
          seen = this.#version;
          yield this.#value;
          await this.#pause(signal);
          continue;
        }
        await this.#nextChange(signal);
      }
    } finally {
      this.#subscribers -= 1;
    }
  }

  #nextChange(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal?.addEventListener('abort', done, { once: true });
    });
  }

  #pause(signal?: AbortSignal): Promise<void> {
    if (this.#intervalMs === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, this.#intervalMs);
      signal?.addEventListener('abort', done, { once: true });
    });
  }
}
