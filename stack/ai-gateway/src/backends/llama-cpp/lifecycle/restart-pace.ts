const FIRST_MS = 500;
const MAX_MS = 30_000;
/** After so long it has run well, and the next end is not one of a row. */
const WELL_AFTER_MS = 60_000;

/** How soon a process that was lost is started again: later each time, anew when it has run well for a while. */
export class RestartPace {
  #restarts = 0;
  #readySince: number | undefined;

  /** In a row. */
  get restarts(): number {
    return this.#restarts;
  }

  /** @param now milliseconds, monotonic, here and below */
  noteReady(now: number): void {
    this.#readySince = now;
  }

  /** The process is lost; in how many milliseconds to start another. */
  nextDelayMs(now: number): number {
    const ranWell = this.#readySince !== undefined && now - this.#readySince >= WELL_AFTER_MS;
    this.#readySince = undefined;
    this.#restarts = ranWell ? 1 : this.#restarts + 1;
    return Math.min(FIRST_MS * 2 ** (this.#restarts - 1), MAX_MS);
  }

  /** There is no hurry: what is missing must be given back by others. */
  get longestMs(): number {
    return MAX_MS;
  }

  reset(): void {
    this.#restarts = 0;
  }
}
