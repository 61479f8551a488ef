import { describe, expect, it } from 'vitest';
import { silentLogger } from '../lifetime/logger.ts';
import { StatsService } from './stats-service.ts';
import { sumByService } from './sum-by-service.ts';

function setUp(fail = false) {
  let calls = 0;
  const service = new StatsService({
    engine: () => ({
      stats: async () => {
        calls += 1;
        if (fail && calls === 1) throw new Error('gone');
        return [{ service: 'web', cpuPercent: calls, memoryBytes: 1 }];
      },
    }),
    projectName: () => 'demo',
    logger: silentLogger,
    now: () => 5,
    intervalMs: 1,
  });
  return { service, calls: () => calls };
}

describe('StatsService', () => {
  it('measures once for all listeners, and not at all without one', async () => {
    const { service, calls } = setUp();
    expect(calls()).toBe(0);
    const stop = new AbortController();
    const [first, second] = [service.subscribe(stop.signal), service.subscribe(stop.signal)];
    const samples = await Promise.all([first.next(), second.next()]);
    expect(samples[0]).toEqual(samples[1]);
    expect(samples[0]?.value).toMatchObject({ at: 5, services: [{ service: 'web' }] });
    stop.abort();
    await Promise.all([first.next(), second.next()]);
    expect([service.listenerCount, service.isMeasuring]).toEqual([0, false]);
  });

  it('goes on after a failed measurement', async () => {
    const { service } = setUp(true);
    const stop = new AbortController();
    const samples = service.subscribe(stop.signal);
    expect((await samples.next()).value).toMatchObject({ services: [{ cpuPercent: 2 }] });
    stop.abort();
    await samples.next();
  });

  it('starts and stops a hundred times and leaves nothing', async () => {
    const { service } = setUp();
    for (let i = 0; i < 100; i += 1) {
      const stop = new AbortController();
      const samples = service.subscribe(stop.signal);
      await samples.next();
      stop.abort();
      expect((await samples.next()).done).toBe(true);
    }
    expect([service.listenerCount, service.isMeasuring]).toEqual([0, false]);
  });
});

describe('sumByService', () => {
  it('adds the instances of a service up', () => {
    const one = { service: 'web', cpuPercent: 10, memoryBytes: 5, memoryLimitBytes: 50 };
    expect(sumByService([one, { service: 'db', cpuPercent: 1, memoryBytes: 1 }, one])).toEqual([
      { service: 'db', cpuPercent: 1, memoryBytes: 1 },
      { service: 'web', cpuPercent: 20, memoryBytes: 10, memoryLimitBytes: 100 },
    ]);
  });
});
