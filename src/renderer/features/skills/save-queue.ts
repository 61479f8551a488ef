/**
 * Runs at most one save per file at a time.
 *
 * A save asked for while one runs waits for it and then runs once, so that it sends the newest text; further
 * requests in between join that second run.
 */
export class SaveQueue {
  readonly #run: (id: string) => Promise<void>;
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  constructor(run: (id: string) => Promise<void>) {
    this.#run = run;
  }

  save(id: string): Promise<void> {
    const running = this.#running.get(id);
    if (running === undefined) return this.#start(id);
    const waiting = this.#next.get(id);
    if (waiting !== undefined) return waiting;
    const start = (): Promise<void> => {
      this.#next.delete(id);
      return this.#start(id);
    };
    // A failed first save must not stop the second one.
    const next = running.then(start, start);
    this.#next.set(id, next);
    return next;
  }

  isSaving(id: string): boolean {
    return this.#running.has(id);
  }

  #start(id: string): Promise<void> {
    const run = this.#run(id).finally(() => this.#running.delete(id));
    this.#running.set(id, run);
    return run;
  }
}
