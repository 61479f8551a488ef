import { readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second whatever the kernel's own tick is (proc_pid_stat(5), USER_HZ). */
const TICK_US = 10_000;

/** What a process has used of the processor since it began, in microseconds. Linux only. */
export function cpuTimeUs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The program's name stands in brackets and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}
