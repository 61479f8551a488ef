import type { ServiceStats } from '../../../shared/stats/stats-contract.ts';
import { processTree, readProcessTable } from './process-table.ts';

/** Measures processes with all their children; processor load is what was used since the measurement before. */
export class ProcessMeter {
  readonly #platform: NodeJS.Platform;
  readonly #now: () => number;
  #before = new Map<number, { readonly at: number; readonly cpuMs: number }>();

  constructor(platform: NodeJS.Platform, now: () => number = () => performance.now()) {
    this.#platform = platform;
    this.#now = now;
  }

  async measure(
    roots: readonly { readonly service: string; readonly pid: number }[],
  ): Promise<ServiceStats[]> {
    if (roots.length === 0) return [];
    const table = await readProcessTable(this.#platform);
    const at = this.#now();
    const next = new Map<number, { readonly at: number; readonly cpuMs: number }>();
    const stats = roots.map(({ service, pid }) => {
      const tree = processTree(table, pid);
      const cpuMs = tree.reduce((sum, entry) => sum + entry.cpuMs, 0);
      const memoryBytes = tree.reduce((sum, entry) => sum + entry.memoryBytes, 0);
      const last = this.#before.get(pid);
      next.set(pid, { at, cpuMs });
      // A child that ended takes its time along; the sum then falls and the load counts as none.
      const cpuPercent =
        last === undefined || at <= last.at ? 0 : Math.max(0, ((cpuMs - last.cpuMs) / (at - last.at)) * 100);
      return { service, cpuPercent, memoryBytes };
    });
    this.#before = next;
    return stats;
  }
}
