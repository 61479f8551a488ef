import type { ServiceStats } from '../../shared/stats/stats-contract.ts';

/** One row for each service: its instances added up, sorted by name. A limit counts only when all have one. */
export function sumByService(instances: readonly ServiceStats[]): ServiceStats[] {
  const sums = new Map<string, ServiceStats>();
  for (const one of instances) {
    const sum = sums.get(one.service);
    sums.set(one.service, sum ? add(sum, one) : one);
  }
  return [...sums.values()].sort((a, b) => (a.service < b.service ? -1 : 1));
}

function add(a: ServiceStats, b: ServiceStats): ServiceStats {
  const limits = [a.memoryLimitBytes, b.memoryLimitBytes];
  const [first, second] = limits;
  return {
    service: a.service,
    cpuPercent: a.cpuPercent + b.cpuPercent,
    memoryBytes: a.memoryBytes + b.memoryBytes,
    ...(first === undefined || second === undefined ? {} : { memoryLimitBytes: first + second }),
  };
}
