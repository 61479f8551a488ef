import { readFile } from 'node:fs/promises';
import { parseProcStat, readProcessTable } from '../engine/sandbox/process-table.ts';

/** Of a process that is alive, but of which the system does not say since when. */
export const UNKNOWN_START = 'unknown';

/** Tells a process from a later one with the same id; undefined when there is no such process. */
export type ReadStartTime = (pid: number) => Promise<string | undefined>;

export const readStartTime: ReadStartTime = async (pid) => {
  if (!isAlive(pid)) return undefined;
  const startedAt = process.platform === 'linux' ? await linuxStart(pid) : await startFromTable(pid);
  return startedAt === undefined || startedAt === '' ? UNKNOWN_START : startedAt;
};

/** Linux counts from the boot, so the boot is part of the answer. */
async function linuxStart(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const startedAt = parseProcStat(stat)?.startedAt;
  if (startedAt === undefined) return undefined;
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return `${boot.trim()} ${startedAt}`;
}

async function startFromTable(pid: number): Promise<string | undefined> {
  const table = await readProcessTable(process.platform).catch(() => []);
  return table.find((entry) => entry.pid === pid)?.startedAt;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive all the same.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
