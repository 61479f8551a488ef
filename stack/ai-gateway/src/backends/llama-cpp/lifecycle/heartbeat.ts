import type { Clock } from './clock.ts';

export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly ping: (count: number) => void;
  /** How long the process may leave a ping unanswered; 0: for ever. Asked each time: it may change. */
  readonly hangMs: () => number;
  /** How long requests may go without a word while the processor rests; 0: for ever. */
  readonly stallMs: () => number;
  readonly openRequests: () => number;
  readonly onHang: (sentence: string) => void;
}

const LONGEST_INTERVAL_MS = 5000;
const SHORTEST_INTERVAL_MS = 50;
const PINGS_PER_LIMIT = 4;
/** Evaluating a long prompt says nothing for minutes, but takes far more of the processor than this. */
const BUSY_SHARE = 0.05;

/**
 * Finds out that a process hangs: it answers no ping (it is stopped, or its loop is blocked), or it answers pings, but
 * its requests stand still. Time that the gateway itself was suspended or blocked is not held against it.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #cancel: () => void = () => undefined;
  #count = 0;
  #lastTick: number;
  /** How long the last ping has gone unanswered, in time that the gateway was awake. */
  #unansweredMs: number | undefined;
  #stalledMs = 0;
  #lastPong: { readonly at: number; readonly cpuMs: number } | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#lastTick = options.clock.now();
    this.#schedule();
  }

  handlePong(count: number, cpuMs: number): void {
    if (count !== this.#count) return;
    this.#unansweredMs = undefined;
    const at = this.#options.clock.now();
    const last = this.#lastPong;
    this.#lastPong = { at, cpuMs };
    if (last === undefined || cpuMs - last.cpuMs > (at - last.at) * BUSY_SHARE) this.#stalledMs = 0;
  }

  /** A word about a request. */
  handleProgress(): void {
    this.#stalledMs = 0;
  }

  stop(): void {
    this.#cancel();
  }

  #intervalMs(): number {
    const limits = [this.#options.hangMs(), this.#options.stallMs()].filter((ms) => ms > 0);
    const wanted = Math.min(LONGEST_INTERVAL_MS, ...limits.map((ms) => ms / PINGS_PER_LIMIT));
    return Math.max(SHORTEST_INTERVAL_MS, wanted);
  }

  #schedule(): void {
    const intervalMs = this.#intervalMs();
    this.#cancel = this.#options.clock.after(intervalMs, () => this.#tick(intervalMs));
  }

  #tick(intervalMs: number): void {
    const { clock, hangMs, onHang, openRequests, ping, stallMs } = this.#options;
    const now = clock.now();
    const awakeMs = Math.min(now - this.#lastTick, 2 * intervalMs);
    this.#lastTick = now;
    this.#stalledMs = openRequests() === 0 ? 0 : this.#stalledMs + awakeMs;
    if (this.#unansweredMs === undefined) {
      this.#count += 1;
      this.#unansweredMs = 0;
      ping(this.#count);
    } else this.#unansweredMs += awakeMs;
    if (hangMs() > 0 && this.#unansweredMs >= hangMs())
      onHang(`answered nothing for ${seconds(this.#unansweredMs)}`);
    else if (stallMs() > 0 && this.#stalledMs >= stallMs())
      onHang(`got no further with its requests for ${seconds(this.#stalledMs)}`);
    else this.#schedule();
  }
}

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;
