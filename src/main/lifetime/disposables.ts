export interface Disposable {
  dispose(): void | Promise<void>;
}

/** Ends what it holds in reverse order of registration; one that fails or hangs does not keep the others. */
export class Disposables implements Disposable {
  readonly #items: { readonly name: string; readonly end: () => void | Promise<void> }[] = [];
  readonly #onError: (name: string, error: unknown) => void;
  #done: Promise<void> | undefined;

  constructor(onError: (name: string, error: unknown) => void = () => {}) {
    this.#onError = onError;
  }

  add(name: string, end: () => void | Promise<void>): void {
    this.#items.push({ name, end });
  }

  /** @param limitMs per item. A second call returns the same promise. */
  dispose(limitMs = 5000): Promise<void> {
    this.#done ??= this.#disposeAll(limitMs);
    return this.#done;
  }

  async #disposeAll(limitMs: number): Promise<void> {
    for (const { name, end } of this.#items.reverse()) {
      let timer: NodeJS.Timeout | undefined;
      try {
        await Promise.race([
          Promise.resolve().then(end),
          new Promise((_, reject) => {
            timer = setTimeout(() => reject(new Error(`${name} did not end in ${limitMs} ms`)), limitMs);
          }),
        ]);
      } catch (error) {
        this.#onError(name, error);
      } finally {
        clearTimeout(timer);
      }
    }
  }
}
