import { describe, expect, test } from 'vitest';
import { RequestLog } from './request-log.ts';
import type { RequestReport } from './request-report.ts';
import { TrafficRecorder } from './traffic.ts';

const report = (more: Partial<RequestReport> = {}): RequestReport => ({
  requestId: 'r',
  operation: 'chat',
  model: 'm',
  backend: 'b',
  principal: 'owner',
  skills: [],
  generation: 1,
  cache: undefined,
  attempts: 1,
  status: 200,
  error: undefined,
  cancelled: undefined,
  ms: 10,
  queuedMs: 0,
  firstTokenMs: 5,
  tokens: { prompt: 3, completion: 4 },
  ...more,
});

function open() {
  let now = 1_000_000_000;
  const traffic = new TrafficRecorder({ inFlight: () => 2, queueDepth: () => 1, now: () => now });
  return {
    traffic,
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
  };
}

describe('TrafficRecorder', () => {
  test('counts what ended in a second by how it ended', () => {
    const { pass, traffic } = open();
    for (let ms = 1; ms <= 100; ms += 1) traffic.add(report({ ms }));
    traffic.add(report({ status: 429 }));
    traffic.add(report({ status: 502 }));
    traffic.add(report({ status: 499, cancelled: 'decode' }));
    traffic.add(report({ cache: { result: 'HIT' }, tokens: undefined }));
    pass(1);
    expect(traffic.read().samples).toEqual([
      {
        second: 1_000_000,
        requests: 104,
        failed: 1,
        rejected: 1,
        cancelled: 1,
        cacheHits: 1,
        p50Ms: 50,
        p99Ms: 99,
        firstTokenMs: 5,
        tokensIn: 309,
        tokensOut: 412,
        inFlight: 2,
        queueDepth: 1,
      },
    ]);
  });

  test('gives only what is new, leaves quiet seconds out and forgets after a quarter of an hour', () => {
    const { pass, traffic } = open();
    traffic.add(report());
    pass(5);
    traffic.add(report());
    pass(1);
    expect(traffic.read().samples.map(({ second }) => second)).toEqual([1_000_000, 1_000_005]);
    expect(traffic.read(1_000_000).samples.map(({ second }) => second)).toEqual([1_000_005]);
    expect(traffic.read(1_000_005).samples).toEqual([]);
    pass(900);
    const left = traffic.read().samples.filter(({ requests }) => requests > 0);
    expect(left).toEqual([]);
  });

  test('knows what goes on in a second in which nothing ends', () => {
    const { pass, traffic } = open();
    traffic.read();
    pass(1);
    expect(traffic.read().samples).toMatchObject([
      { second: 1_000_000, requests: 0, inFlight: 2, queueDepth: 1 },
    ]);
  });

  test('keeps a bounded number of times however many there are', () => {
    const { pass, traffic } = open();
    for (let index = 0; index < 20_000; index += 1) traffic.add(report({ ms: 10 + (index % 10) }));
    pass(1);
    const [sample] = traffic.read().samples;
    expect(sample?.requests).toBe(20_000);
    expect(sample?.p50Ms).toBeGreaterThanOrEqual(12);
    expect(sample?.p50Ms).toBeLessThanOrEqual(16);
  });
});

describe('RequestLog', () => {
  test('keeps the newest 500, newest first, without a word of them', () => {
    const log = new RequestLog();
    for (let index = 0; index < 700; index += 1) log.add(report({ requestId: `r${index}` }), index);
    const list = log.list(500);
    expect([list.length, list[0]?.requestId, list.at(-1)?.requestId]).toEqual([500, 'r699', 'r200']);
    expect(log.list(2)).toHaveLength(2);
  });
});
