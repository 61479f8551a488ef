import type { Priority } from '../pipeline/generation-request.ts';
import { BinaryHeap } from './binary-heap.ts';

/** The order in which those who wait are admitted. */
export interface WaitingOrder {
  /** Start tag of fair queueing: whose share is used up comes later. */
  readonly tag: number;
  /** First come, first served among equals. */
  readonly seq: number;
  readonly priority: Priority;
  readonly since: number;
  /** It has left; it is passed over when its turn comes. */
  isGone: boolean;
}

/** A batch request that has waited for so long is treated like an interactive one, so that it is not starved. */
export const BATCH_AGES_MS = 30_000;

/** Those who wait for the same backends. Every operation costs the logarithm of their number. */
export class WaitingLane<T extends WaitingOrder> {
  #interactive = new BinaryHeap<T>(isEarlier);
  #batch = new BinaryHeap<T>(isEarlier);
  #gone = 0;

  /** Without those who have left. */
  get size(): number {
    return this.#interactive.size + this.#batch.size - this.#gone;
  }

  add(item: T): void {
    (item.priority === 'batch' ? this.#batch : this.#interactive).push(item);
  }

  /** Marks it as gone; what it held is freed when there are more gone than there. */
  leave(item: T): void {
    if (item.isGone) return;
    item.isGone = true;
    this.#gone += 1;
    if (this.#gone > 64 && this.#gone > this.size) this.#compact();
  }

  /** Whose turn it is. */
  first(now: number): T | undefined {
    const [interactive, batch] = [this.#live(this.#interactive), this.#live(this.#batch)];
    if (interactive === undefined || batch === undefined) return interactive ?? batch;
    const hasAged = now - batch.since >= BATCH_AGES_MS;
    return hasAged && isEarlier(batch, interactive) ? batch : interactive;
  }

  /** Takes out what {@link first} has given. */
  take(item: T): void {
    (item.priority === 'batch' ? this.#batch : this.#interactive).pop();
  }

  values(): T[] {
    return [...this.#interactive.values(), ...this.#batch.values()].filter(({ isGone }) => !isGone);
  }

  #live(heap: BinaryHeap<T>): T | undefined {
    while (heap.first?.isGone === true) {
      heap.pop();
      this.#gone -= 1;
    }
    return heap.first;
  }

  #compact(): void {
    const there = (heap: BinaryHeap<T>) =>
      new BinaryHeap<T>(
        isEarlier,
        [...heap.values()].filter(({ isGone }) => !isGone),
      );
    this.#interactive = there(this.#interactive);
    this.#batch = there(this.#batch);
    this.#gone = 0;
  }
}

/** Who of two comes first, whatever lanes they are in. */
export function comesBefore(a: WaitingOrder, b: WaitingOrder, now: number): boolean {
  const isFront = ({ priority, since }: WaitingOrder) =>
    priority === 'interactive' || now - since >= BATCH_AGES_MS;
  return isFront(a) === isFront(b) ? isEarlier(a, b) : isFront(a);
}

function isEarlier(a: WaitingOrder, b: WaitingOrder): boolean {
  return a.tag === b.tag ? a.seq < b.seq : a.tag < b.tag;
}
