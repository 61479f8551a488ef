/** A value with subscribers, as main's publisher is one; every change is delivered. */
export class Topic<T> {
  readonly #listeners = new Set<() => void>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  publish(value: T): void {
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }

  async *subscribe(signal?: AbortSignal): AsyncGenerator<T, void, void> {
    let sent: { value: T } | undefined;
    while (!signal?.aborted) {
      if (sent?.value !== this.#value || !sent) {
        sent = { value: this.#value };
        yield sent.value;
        continue;
      }
      await this.#change(signal);
    }
  }

  #change(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#listeners.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      this.#listeners.add(done);
      signal?.addEventListener('abort', done, { once: true });
    });
  }
}
