import type { TrafficSample } from '@skilldeck/agent-skills';

/** Columns as uPlot takes them; `null` where there was nothing to measure. */
export interface ChartData {
  /** Unix time in seconds. */
  readonly at: readonly number[];
  readonly requests: readonly number[];
  readonly cacheHits: readonly (number | null)[];
  readonly troubles: readonly (number | null)[];
  readonly p50Ms: readonly (number | null)[];
  readonly p99Ms: readonly (number | null)[];
  readonly firstTokenMs: readonly (number | null)[];
  readonly tokensOut: readonly number[];
  readonly tokensIn: readonly number[];
  readonly inFlight: readonly number[];
  readonly queueDepth: readonly (number | null)[];
}

/** What is said of a whole range, in a word. */
export interface TrafficTotals {
  readonly requests: number;
  readonly perSecond: number;
  readonly troubles: number;
  readonly cacheHits: number;
  readonly tokensOut: number;
  /** Of the newest second that has any. */
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

/** Points of a chart: more cannot be told apart. */
const MAX_POINTS = 300;

/** The samples on an even scale of time, quiet seconds included; several seconds become one point in a long range. */
export function toChartData(samples: readonly TrafficSample[], end: number, rangeSeconds: number): ChartData {
  const step = Math.max(1, Math.ceil(rangeSeconds / MAX_POINTS));
  const count = Math.floor(rangeSeconds / step);
  // Points stand at whole steps, so that a point does not change its seconds as time goes on.
  const last = Math.floor(end / step);
  const bySlot = new Map<number, TrafficSample[]>();
  for (const sample of samples) {
    const slot = Math.floor(sample.second / step);
    const known = bySlot.get(slot);
    if (known === undefined) bySlot.set(slot, [sample]);
    else known.push(sample);
  }
  const slots = Array.from({ length: count }, (_, index) => last - count + 1 + index);
  const of = (slot: number): readonly TrafficSample[] => bySlot.get(slot) ?? [];
  const rate = (pick: (sample: TrafficSample) => number) => slots.map((slot) => sum(of(slot), pick) / step);
  const worst = (pick: (sample: TrafficSample) => number | undefined) =>
    slots.map((slot) => {
      const values = of(slot).flatMap((sample) => pick(sample) ?? []);
      return values.length === 0 ? null : Math.max(...values);
    });
  const level = (pick: (sample: TrafficSample) => number) =>
    slots.map((slot) => Math.max(0, ...of(slot).map(pick)));
  return {
    at: slots.map((slot) => slot * step),
    requests: rate(({ requests }) => requests),
    cacheHits: unlessZero(rate(({ cacheHits }) => cacheHits)),
    troubles: unlessZero(rate(troublesOf)),
    p50Ms: worst(({ p50Ms }) => p50Ms),
    p99Ms: worst(({ p99Ms }) => p99Ms),
    firstTokenMs: worst(({ firstTokenMs }) => firstTokenMs),
    tokensOut: rate(({ tokensOut }) => tokensOut),
    tokensIn: rate(({ tokensIn }) => tokensIn),
    inFlight: level(({ inFlight }) => inFlight),
    queueDepth: unlessZero(level(({ queueDepth }) => queueDepth)),
  };
}

export function toTotals(
  samples: readonly TrafficSample[],
  end: number,
  rangeSeconds: number,
): TrafficTotals {
  const within = samples.filter(({ second }) => second > end - rangeSeconds && second <= end);
  const timed = within.findLast(({ p50Ms }) => p50Ms !== undefined);
  const requests = sum(within, (sample) => sample.requests);
  return {
    requests,
    perSecond: requests / rangeSeconds,
    troubles: sum(within, troublesOf),
    cacheHits: sum(within, ({ cacheHits }) => cacheHits),
    tokensOut: sum(within, ({ tokensOut }) => tokensOut),
    p50Ms: timed?.p50Ms,
    p99Ms: timed?.p99Ms,
  };
}

/** What a line reaches in its time; undefined: there is nothing of it. */
export function highestOf(values: readonly (number | null)[]): number | undefined {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** A line along the bottom says nothing, and hides the one that does. */
function unlessZero(values: readonly number[]): (number | null)[] {
  return values.map((value) => (value === 0 ? null : value));
}

const troublesOf = ({ failed, rejected }: TrafficSample): number => failed + rejected;

function sum(samples: readonly TrafficSample[], pick: (sample: TrafficSample) => number): number {
  return samples.reduce((total, sample) => total + pick(sample), 0);
}
