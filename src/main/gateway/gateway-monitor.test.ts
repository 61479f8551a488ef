import type { GatewayStatus, TrafficSample } from '@skilldeck/agent-skills';
import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { GatewayMonitor } from './gateway-monitor.ts';

const sample = (second: number): TrafficSample => ({
  second,
  requests: 1,
  failed: 0,
  rejected: 0,
  cancelled: 0,
  cacheHits: 0,
  tokensIn: 0,
  tokensOut: 0,
  inFlight: 0,
  queueDepth: 0,
});
const STATUS = { status: 'ready', inFlight: 0 } as GatewayStatus;

function open() {
  let isUp = true;
  let changed: () => void = () => {};
  const asked: number[] = [];
  let samples = [sample(1000), sample(1001)];
  const status = vi.fn(async () => STATUS);
  const cancelRequest = vi.fn(async () => {});
  const unloadBackend = vi.fn(async () => {});
  const monitor = new GatewayMonitor({
    gateway: {
      get isUp() {
        return isUp;
      },
      status,
      traffic: async (since: number) => {
        asked.push(since);
        return { samples: samples.filter(({ second }) => second > since), keptSeconds: 900 };
      },
      requests: async () => ({ requests: [] }),
      cancelRequest,
      clearCache: async () => {},
      loadBackend: async () => {},
      unloadBackend,
    },
    onGatewayChange: (listener) => {
      changed = listener;
      return () => {};
    },
    intervalMs: 1,
    now: () => 1_001_000,
  });
  return {
    monitor,
    asked,
    status,
    cancelRequest,
    unloadBackend,
    setSamples: (next: TrafficSample[]) => {
      samples = next;
    },
    setUp: (next: boolean) => {
      isUp = next;
      changed();
    },
  };
}

async function first<T>(values: AsyncGenerator<T, void, void>): Promise<T> {
  for await (const value of values) return value;
  throw new Error('nothing came');
}

describe('GatewayMonitor', () => {
  it('asks only for what is new, and keeps a quarter of an hour', async () => {
    const { asked, monitor, setSamples } = open();
    const values = monitor.subscribe();
    expect((await values.next()).value).toMatchObject({ state: { kind: 'live', status: STATUS } });
    setSamples([sample(1002)]);
    for (let turn = 0; turn < 20 && asked.length < 3; turn += 1) await values.next();
    const last = (await values.next()).value;
    expect(asked.slice(0, 3)).toEqual([0, 1001, 1002]);
    expect(last?.traffic.map(({ second }) => second)).toEqual([1000, 1001, 1002]);
    await values.return();
    monitor.dispose();
  });

  it('asks nothing while nobody looks', async () => {
    const { monitor, status } = open();
    await first(monitor.subscribe());
    const calls = status.mock.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(status.mock.calls.length - calls).toBeLessThanOrEqual(1);
    monitor.dispose();
  });

  it('says that there is none, and forgets the traffic of one that is gone', async () => {
    const { asked, monitor, setUp } = open();
    await first(monitor.subscribe());
    setUp(false);
    expect(await first(monitor.subscribe())).toMatchObject({ state: { kind: 'not_running' }, traffic: [] });
    setUp(true);
    asked.length = 0;
    await first(monitor.subscribe());
    expect(asked[0]).toBe(0);
    monitor.dispose();
  });

  it('shows why it cannot be asked', async () => {
    const { monitor, status } = open();
    status.mockRejectedValue(new AppError('gateway.unauthorized', 'No.'));
    expect((await first(monitor.subscribe())).state).toMatchObject({
      kind: 'failed',
      error: { code: 'gateway.unauthorized' },
    });
    monitor.dispose();
  });

  it('cancels a request by its id', async () => {
    const { cancelRequest, monitor } = open();
    await monitor.cancelRequest('req_1');
    expect(cancelRequest).toHaveBeenCalledWith('req_1');
    monitor.dispose();
  });

  it('shows at once what became of a backend that was unloaded', async () => {
    const { monitor, status, unloadBackend } = open();
    const values = monitor.subscribe();
    await values.next();
    status.mockResolvedValue({ ...STATUS, inFlight: 7 });
    await monitor.unloadBackend('local');
    expect(unloadBackend).toHaveBeenCalledWith('local');
    expect((await values.next()).value).toMatchObject({ state: { status: { inFlight: 7 } } });
    await values.return();
    monitor.dispose();
  });
});
