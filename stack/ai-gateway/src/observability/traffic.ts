import type { Traffic, TrafficSample } from '@skilldeck/agent-skills';
import type { RequestReport } from './request-report.ts';

export interface TrafficOptions {
  readonly inFlight: () => number;
  readonly queueDepth: () => number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

const KEPT_SECONDS = 900;
/** More answers of one second than this are represented by a sample of them. */
const MAX_TIMES = 500;

/** The last quarter of an hour by the second, for who looks at it only now. Costs nothing while nothing happens. */
export class TrafficRecorder {
  readonly #options: TrafficOptions;
  readonly #now: () => number;
  readonly #closed: TrafficSample[] = [];
  #open: OpenSecond | undefined;

  constructor(options: TrafficOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  add(report: RequestReport): void {
    const second = Math.floor(this.#now() / 1000);
    if (this.#open?.second !== second) {
      this.#close();
      this.#open = new OpenSecond(second);
    }
    this.#open.add(report);
    this.#open.level(this.#options.inFlight(), this.#options.queueDepth());
  }

  /** @param since a second; those after it */
  read(since = 0): Traffic {
    const now = Math.floor(this.#now() / 1000);
    if (this.#open !== undefined && this.#open.second < now) this.#close();
    const [inFlight, queueDepth] = [this.#options.inFlight(), this.#options.queueDepth()];
    if (inFlight > 0 || queueDepth > 0) {
      // A second in which nothing ends, but something goes on: seen by who looks in it.
      this.#open ??= new OpenSecond(now);
      this.#open.level(inFlight, queueDepth);
    }
    const oldest = Math.max(since, now - KEPT_SECONDS);
    return { samples: this.#closed.filter(({ second }) => second > oldest), keptSeconds: KEPT_SECONDS };
  }

  #close(): void {
    if (this.#open === undefined) return;
    this.#closed.push(this.#open.sample());
    this.#open = undefined;
    const oldest = Math.floor(this.#now() / 1000) - KEPT_SECONDS;
    while (this.#closed.length > 0 && (this.#closed[0]?.second ?? 0) <= oldest) this.#closed.shift();
  }
}

class OpenSecond {
  readonly second: number;
  #requests = 0;
  #failed = 0;
  #rejected = 0;
  #cancelled = 0;
  #cacheHits = 0;
  #tokensIn = 0;
  #tokensOut = 0;
  #inFlight = 0;
  #queueDepth = 0;
  readonly #times: number[] = [];
  readonly #firstTimes: number[] = [];

  constructor(second: number) {
    this.second = second;
  }

  add({ cache, cancelled, firstTokenMs, ms, status, tokens }: RequestReport): void {
    this.#requests += 1;
    if (cancelled !== undefined) this.#cancelled += 1;
    else if (status === 429 || status === 503) this.#rejected += 1;
    else if (status >= 400) this.#failed += 1;
    this.#tokensIn += tokens?.prompt ?? 0;
    this.#tokensOut += tokens?.completion ?? 0;
    if (cache?.result === 'HIT') this.#cacheHits += 1;
    else if (status < 400) {
      this.#keep(this.#times, ms);
      if (firstTokenMs !== undefined) this.#keep(this.#firstTimes, firstTokenMs);
    }
  }

  level(inFlight: number, queueDepth: number): void {
    this.#inFlight = Math.max(this.#inFlight, inFlight);
    this.#queueDepth = Math.max(this.#queueDepth, queueDepth);
  }

  sample(): TrafficSample {
    const times = this.#times.sort((a, b) => a - b);
    const first = this.#firstTimes.sort((a, b) => a - b);
    return {
      second: this.second,
      requests: this.#requests,
      failed: this.#failed,
      rejected: this.#rejected,
      cancelled: this.#cancelled,
      cacheHits: this.#cacheHits,
      ...(times.length === 0 ? {} : { p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) }),
      ...(first.length === 0 ? {} : { firstTokenMs: quantile(first, 0.5) }),
      tokensIn: this.#tokensIn,
      tokensOut: this.#tokensOut,
      inFlight: this.#inFlight,
      queueDepth: this.#queueDepth,
    };
  }

  /** Reservoir sampling: each has the same chance to stay. */
  #keep(times: number[], ms: number): void {
    if (times.length < MAX_TIMES) {
      times.push(ms);
      return;
    }
    const index = Math.floor(Math.random() * this.#requests);
    if (index < MAX_TIMES) times[index] = ms;
  }
}

function quantile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return Math.round(value * 10) / 10;
}
