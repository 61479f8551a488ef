import type { LogBatch } from '../../../shared/logs/logs-contract.ts';
import type { RpcClient } from '../../rpc/client.ts';

export interface LogFeedOptions {
  readonly client: RpcClient['logs'];
  readonly projectId: string;
  readonly services: readonly string[];
  /** Id of the one instance to follow; absent: all of the services. */
  readonly instance?: string | undefined;
  readonly tail: number;
  /** Resolves when the screen has taken the lines: only then the next batch is asked for. */
  readonly onBatch: (batch: LogBatch) => Promise<void>;
  /** Resolves at once while the feed may read, else when it may again. */
  readonly waitWhilePaused: () => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Pulls log lines until `signal` ends it or the stream does.
 *
 * Nothing is pushed: a slow screen reads less often, and what it missed comes back as a count.
 */
export async function runLogFeed(options: LogFeedOptions): Promise<void> {
  const { client, projectId, services, instance, tail, signal } = options;
  const only = instance === undefined ? {} : { instance };
  const { streamId } = await client.open({ projectId, services: [...services], ...only, tail }, { signal });
  try {
    while (!signal.aborted) {
      await options.waitWhilePaused();
      if (signal.aborted) return;
      const batch = await client.read({ streamId }, { signal });
      await options.onBatch(batch);
      if (batch.state === 'ended') return;
    }
  } finally {
    // Closing what main has already closed is no fault.
    client.close({ streamId }).catch(() => undefined);
  }
}
