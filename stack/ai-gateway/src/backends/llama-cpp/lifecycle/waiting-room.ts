import type { Clock } from './clock.ts';

interface Waiter<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

export interface Patience {
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  readonly limitMs: number;
  readonly onLimit: () => Error;
}

/** Many wait for one thing; one that leaves or loses patience takes nobody along. */
export class WaitingRoom<T> {
  readonly #waiters = new Set<Waiter<T>>();

  get size(): number {
    return this.#waiters.size;
  }

  wait({ clock, limitMs, onLimit, signal }: Patience): Promise<T> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const leave = (): void => {
        this.#waiters.delete(waiter);
        cancelTimer();
        signal?.removeEventListener('abort', handleAbort);
      };
      const waiter: Waiter<T> = {
        resolve: (value) => {
          leave();
          resolve(value);
        },
        reject: (reason) => {
          leave();
          reject(reason);
        },
      };
      const handleAbort = (): void => waiter.reject(signal?.reason);
      const cancelTimer = Number.isFinite(limitMs)
        ? clock.after(limitMs, () => waiter.reject(onLimit()))
        : () => undefined;
      signal?.addEventListener('abort', handleAbort, { once: true });
      this.#waiters.add(waiter);
    });
  }

  resolveAll(value: T): void {
    for (const waiter of [...this.#waiters]) waiter.resolve(value);
  }

  rejectAll(reason: unknown): void {
    for (const waiter of [...this.#waiters]) waiter.reject(reason);
  }
}
