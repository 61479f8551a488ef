/** Principals whose share is not in use are forgotten beyond so many. */
const MAX_KEPT = 2000;

/**
 * Start-time fair queueing (Goyal, Vin, Cheng 1996): who has a share of two is admitted twice as often as who has one, while
 * both wait; a share that was not used is not saved up.
 */
export class FairTags {
  readonly #ends = new Map<string, number>();
  #time = 0;

  /** The tag of a new request; the least tag is admitted first. */
  next({ id, weight }: { readonly id: string; readonly weight: number }): number {
    const tag = Math.max(this.#time, this.#ends.get(id) ?? 0);
    this.#ends.set(id, tag + 1 / weight);
    if (this.#ends.size > MAX_KEPT) this.#forget();
    return tag;
  }

  /** Before all others. */
  get front(): number {
    return Number.NEGATIVE_INFINITY;
  }

  /** A request with this tag has been admitted. */
  admitted(tag: number): void {
    if (tag > this.#time) this.#time = tag;
  }

  #forget(): void {
    for (const [id, end] of this.#ends) if (end <= this.#time) this.#ends.delete(id);
  }
}
