import { describe, expect, it, vi } from 'vitest';
import type { LogBatch } from '../../../shared/logs/logs-contract.ts';
import type { RpcClient } from '../../rpc/client.ts';
import { runLogFeed } from './log-feed.ts';

const batch = (state: LogBatch['state'], dropped = 0): LogBatch => ({ lines: [], dropped, state });

function createLogs(batches: readonly LogBatch[]) {
  const left = [...batches];
  return {
    open: vi.fn(async () => ({ streamId: 's' })),
    read: vi.fn(async () => left.shift() ?? batch('ended')),
    close: vi.fn(async () => ({})),
  };
}

const feed = (
  logs: ReturnType<typeof createLogs>,
  onBatch: (found: LogBatch) => Promise<void>,
  signal: AbortSignal,
) =>
  runLogFeed({
    // The fake has the three calls, without oRPC's own fields.
    client: logs as unknown as RpcClient['logs'],
    projectId: 'workspace',
    services: ['gateway'],
    tail: 100,
    onBatch,
    waitWhilePaused: async () => undefined,
    signal,
  });

describe('runLogFeed', () => {
  it('reads the next batch only when the screen has taken the last one', async () => {
    const logs = createLogs([batch('streaming'), batch('ended')]);
    let taken: () => void = () => undefined;
    const running = feed(
      logs,
      () =>
        new Promise((resolve) => {
          taken = resolve;
        }),
      new AbortController().signal,
    );
    await vi.waitFor(() => expect(logs.read).toHaveBeenCalledTimes(1));
    taken();
    await vi.waitFor(() => expect(logs.read).toHaveBeenCalledTimes(2));
    taken();
    await running;
    expect(logs.close).toHaveBeenCalledWith({ streamId: 's' });
  });

  it('closes the stream when the view goes away', async () => {
    const logs = createLogs([batch('streaming'), batch('streaming')]);
    const controller = new AbortController();
    await feed(logs, async () => controller.abort(), controller.signal);
    expect(logs.read).toHaveBeenCalledTimes(1);
    expect(logs.close).toHaveBeenCalledTimes(1);
  });
});
