import type { TrafficSample } from '@skilldeck/agent-skills';
import { describe, expect, it } from 'vitest';
import { highestOf, toChartData, toTotals } from './chart-data.ts';

const sample = (second: number, more: Partial<TrafficSample> = {}): TrafficSample => ({
  second,
  requests: 2,
  failed: 0,
  rejected: 0,
  cancelled: 0,
  cacheHits: 0,
  tokensIn: 0,
  tokensOut: 10,
  inFlight: 1,
  queueDepth: 0,
  p50Ms: 20,
  p99Ms: 40,
  ...more,
});

describe('toChartData', () => {
  it('puts quiet seconds between the others', () => {
    const data = toChartData([sample(101), sample(103, { requests: 5 })], 104, 5);
    expect(data.at).toEqual([100, 101, 102, 103, 104]);
    expect(data.requests).toEqual([0, 2, 0, 5, 0]);
    expect(data.p50Ms).toEqual([null, 20, null, 20, null]);
  });

  it('makes one point of several seconds in a long range: rates are averaged, the worst time is shown', () => {
    const data = toChartData([sample(897, { p99Ms: 10 }), sample(898, { p99Ms: 90 })], 899, 900);
    expect(data.at).toHaveLength(300);
    expect(data.requests.at(-1)).toBeCloseTo(4 / 3);
    expect(data.p99Ms.at(-1)).toBe(90);
  });

  it('leaves out what is older than the range', () => {
    expect(toChartData([sample(10)], 1000, 60).requests.every((value) => value === 0)).toBe(true);
  });
});

describe('toTotals', () => {
  it('adds up the range and takes the newest times', () => {
    const samples = [
      sample(1, { requests: 100 }),
      sample(95, { failed: 1, rejected: 2, p50Ms: 1 }),
      sample(99, { cacheHits: 1, p50Ms: 7 }),
      { ...sample(100), p50Ms: undefined, p99Ms: undefined },
    ];
    expect(toTotals(samples, 100, 10)).toEqual({
      requests: 6,
      perSecond: 0.6,
      troubles: 3,
      cacheHits: 1,
      tokensOut: 30,
      p50Ms: 7,
      p99Ms: 40,
    });
  });
});

describe('highestOf', () => {
  it('is what a line reaches, and nothing where it is drawn nowhere', () => {
    expect(highestOf([null, 3, 7, null, 5])).toBe(7);
    expect(highestOf([0, 0])).toBe(0);
    expect([highestOf([null, null]), highestOf([])]).toEqual([undefined, undefined]);
  });
});
