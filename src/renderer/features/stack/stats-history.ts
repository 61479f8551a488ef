import type { ServiceStats } from '../../../shared/stats/stats-contract.ts';
import type { RpcClient } from '../../rpc/client.ts';
import { createMirror } from '../../rpc/mirror-store.ts';
import { createPerProject } from '../../rpc/per-project.ts';

export interface ServiceHistory {
  readonly at: readonly number[];
  readonly cpu: readonly number[];
  readonly memory: readonly number[];
  readonly latest: ServiceStats;
}

/** Two minutes of samples. */
const KEPT_SAMPLES = 60;

/** The load of the last minutes. Curves read it directly; React renders nothing per sample but the numbers. */
export interface StatsHistory {
  read(service: string): ServiceHistory | undefined;
  /** Samples so far. */
  count(): number;
  onChange(listener: () => void): () => void;
  /** Asks for samples until released: nothing is measured while nobody looks. */
  retain(): () => void;
}

export const createStatsHistories = (client: RpcClient) =>
  createPerProject((projectId) => createStatsHistory(client, projectId));

function createStatsHistory(client: RpcClient, projectId: string): StatsHistory {
  const mirror = createMirror({ open: (signal) => client.stats.subscribe({ projectId }, { signal }) });
  const histories = new Map<string, ServiceHistory>();
  const listeners = new Set<() => void>();
  let samples = 0;
  mirror.store.subscribe((state) => {
    if (state.kind !== 'live') return;
    const { at, services } = state.value;
    const present = new Set(services.map((stats) => stats.service));
    for (const name of histories.keys()) if (!present.has(name)) histories.delete(name);
    for (const stats of services)
      histories.set(stats.service, extend(histories.get(stats.service), at, stats));
    samples += 1;
    for (const listener of [...listeners]) listener();
  });
  return {
    count: () => samples,
    read: (service) => histories.get(service),
    retain: () => mirror.retain(),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function extend(history: ServiceHistory | undefined, at: number, stats: ServiceStats): ServiceHistory {
  const push = (values: readonly number[] | undefined, value: number) =>
    [...(values ?? []), value].slice(-KEPT_SAMPLES);
  return {
    at: push(history?.at, at / 1000),
    cpu: push(history?.cpu, stats.cpuPercent),
    memory: push(history?.memory, stats.memoryBytes),
    latest: stats,
  };
}
