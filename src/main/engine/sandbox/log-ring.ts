import type { EngineLogLine, LogOptions } from '../stack-engine.ts';

/** What a line costs beside its characters. */
const LINE_OVERHEAD = 48;

/** The newest lines of one service, bounded by size; any number of readers follow it, a slow one misses lines. */
export class LogRing {
  readonly #maxBytes: number;
  readonly #waiting = new Set<() => void>();
  #lines: EngineLogLine[] = [];
  /** Position of the first kept line since the beginning. */
  #first = 0;
  #bytes = 0;

  constructor(maxBytes = 4 * 1024 * 1024) {
    this.#maxBytes = maxBytes;
  }

  push(line: EngineLogLine): void {
    this.#lines.push(line);
    this.#bytes += line.text.length + LINE_OVERHEAD;
    if (this.#bytes > this.#maxBytes) this.#trim();
    this.#wake();
  }

  last(count: number): readonly EngineLogLine[] {
    return count <= 0 ? [] : this.#lines.slice(-count);
  }

  /** Position after the newest line; what {@link since} takes. */
  get end(): number {
    return this.#first + this.#lines.length;
  }

  since(position: number): readonly EngineLogLine[] {
    return this.#lines.slice(Math.max(0, position - this.#first));
  }

  /** @param isEnded a follower ends when this says so and it has read everything; {@link wakeReaders} makes it look. */
  async *read(
    options: LogOptions,
    isEnded: () => boolean,
    signal: AbortSignal,
  ): AsyncGenerator<EngineLogLine, void, void> {
    let position = this.end;
    const since = options.since ?? 0;
    yield* this.last(options.tail).filter((line) => line.at >= since);
    while (options.follow && !signal.aborted) {
      const lines = this.since(position);
      position = this.end;
      yield* lines;
      if (this.end > position) continue;
      if (isEnded()) return;
      await this.#nextLine(signal);
    }
  }

  wakeReaders(): void {
    this.#wake();
  }

  /** Drops a quarter at once, so that the array is not shifted for every line. */
  #trim(): void {
    let drop = 0;
    while (drop < this.#lines.length - 1 && this.#bytes > this.#maxBytes * 0.75) {
      this.#bytes -= (this.#lines[drop]?.text.length ?? 0) + LINE_OVERHEAD;
      drop += 1;
    }
    this.#lines = this.#lines.slice(drop);
    this.#first += drop;
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  #nextLine(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    });
  }
}
