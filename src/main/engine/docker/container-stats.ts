import type { ServiceStats } from '../../../shared/stats/stats-contract.ts';
import { LABEL } from '../../plan/labels.ts';
import type { ApiContainerSummary, ApiStats } from './api-types.ts';
import type { Connection } from './connect.ts';
import { isConnectionLost, statusOf } from './engine-errors.ts';

interface CpuSample {
  readonly total: number;
  readonly system: number;
}

/** Measures the running containers of a project; CPU needs two samples, so the first of a container says 0. */
export class ContainerStatsReader {
  #last = new Map<string, CpuSample>();

  async read(
    connection: Connection,
    projectName: string,
    signal: AbortSignal,
  ): Promise<readonly ServiceStats[]> {
    const running = await connection.api.json<readonly ApiContainerSummary[]>({
      path: '/containers/json',
      query: { filters: { label: [`${LABEL.project}=${projectName}`], status: ['running'] } },
      signal,
    });
    const next = new Map<string, CpuSample>();
    const measured = await Promise.all(
      running.map(async ({ Id: id, Labels: labels }) => {
        const stats = await this.#measure(connection, id, signal);
        if (!stats) return [];
        const sample = cpuSample(stats);
        next.set(id, sample);
        return [
          {
            service: labels?.[LABEL.service] ?? '',
            cpuPercent: cpuPercent(this.#last.get(id), sample, onlineCpus(stats)),
            ...memory(stats, connection.memoryBytes),
          },
        ];
      }),
    );
    // Replaced, not added to: containers that are gone must not stay in memory.
    this.#last = next;
    return measured.flat();
  }

  async #measure({ api }: Connection, id: string, signal: AbortSignal): Promise<ApiStats | undefined> {
    try {
      const query = { stream: false, 'one-shot': true };
      return await api.json<ApiStats>({ path: `/containers/${id}/stats`, query, signal });
    } catch (error) {
      // It stopped between the list and the question.
      if (statusOf(error) !== undefined && !isConnectionLost(error)) return undefined;
      throw error;
    }
  }
}

/** Percent of one core, as `docker stats` computes it. */
export function cpuPercent(before: CpuSample | undefined, now: CpuSample, cpus: number): number {
  if (!before) return 0;
  const total = now.total - before.total;
  const system = now.system - before.system;
  return total > 0 && system > 0 ? (total / system) * cpus * 100 : 0;
}

/** Without the page cache that the kernel would give back; no limit when it is just the machine's memory. */
export function memory(
  { memory_stats: stats = {} }: ApiStats,
  machineBytes: number | undefined,
): Pick<ServiceStats, 'memoryBytes' | 'memoryLimitBytes'> {
  const usage = stats.privateworkingset ?? stats.usage ?? 0;
  const cache = stats.stats?.total_inactive_file ?? stats.stats?.inactive_file ?? 0;
  const memoryBytes = cache < usage ? usage - cache : usage;
  const limit = stats.limit ?? 0;
  const isLimited = limit > 0 && (machineBytes === undefined || limit < machineBytes);
  return isLimited ? { memoryBytes, memoryLimitBytes: limit } : { memoryBytes };
}

function cpuSample({ cpu_stats: cpu }: ApiStats): CpuSample {
  return { total: cpu?.cpu_usage?.total_usage ?? 0, system: cpu?.system_cpu_usage ?? 0 };
}

function onlineCpus({ cpu_stats: cpu }: ApiStats): number {
  return cpu?.online_cpus || cpu?.cpu_usage?.percpu_usage?.length || 1;
}
