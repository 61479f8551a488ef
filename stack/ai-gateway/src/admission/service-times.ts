/** Weight of the newest time in the running mean. */
const NEWEST = 0.2;
const ASSUMED_MS = 1000;
const MAX_KEPT = 200;

/** How long answers take, by backend, as a running mean. */
export class ServiceTimes {
  readonly #means = new Map<string, number>();

  note(backend: string, ms: number): void {
    const mean = this.#means.get(backend);
    if (mean === undefined && this.#means.size >= MAX_KEPT) this.#means.clear();
    this.#means.set(backend, mean === undefined ? ms : mean + NEWEST * (ms - mean));
  }

  of(backends: readonly string[]): number {
    const known = backends.flatMap((backend) => this.#means.get(backend) ?? []);
    if (known.length === 0) return ASSUMED_MS;
    return known.reduce((sum, mean) => sum + mean, 0) / known.length;
  }
}
