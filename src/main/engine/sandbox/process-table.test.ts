import { describe, expect, it } from 'vitest';
import {
  parseProcStat,
  parsePsTable,
  parseWindowsTable,
  processTree,
  readProcessTable,
} from './process-table.ts';

describe('the process table', () => {
  it('reads a stat line whose name holds spaces and brackets', () => {
    const rest = 'S 7 42 42 0 -1 4194304 1 2 3 4 150 50 0 0 20 0 11 0 98765 1000000 256 184';
    expect(parseProcStat(`42 (node (x) y) ${rest}`)).toEqual({
      pid: 42,
      parent: 7,
      cpuMs: 2000,
      memoryBytes: 256 * 4096,
      startedAt: '98765',
    });
  });

  it('reads what ps of macOS prints', () => {
    expect(parsePsTable('   42     7  2048   1:02.50 Mon Nov 23 20:00:00 2026    \nrubbish\n')).toEqual([
      { pid: 42, parent: 7, cpuMs: 62_500, memoryBytes: 2_097_152, startedAt: 'Mon Nov 23 20:00:00 2026' },
    ]);
    expect(parsePsTable('1 0 1 1-00:00:01 x')[0]?.cpuMs).toBe(86_401_000);
  });

  it('reads what Windows prints, also without a start time', () => {
    expect(parseWindowsTable('42 7 4096 10000000 638\r\n4 0 1 2 \r\n')).toEqual([
      { pid: 42, parent: 7, cpuMs: 1000, memoryBytes: 4096, startedAt: '638' },
      { pid: 4, parent: 0, cpuMs: 0.0002, memoryBytes: 1, startedAt: '' },
    ]);
  });

  it('finds all that a process has started and no more', () => {
    const entry = (pid: number, parent: number) => ({ pid, parent, cpuMs: 0, memoryBytes: 0, startedAt: '' });
    const table = [entry(1, 0), entry(2, 1), entry(3, 2), entry(4, 1), entry(5, 3)];
    expect(processTree(table, 2).map(({ pid }) => pid)).toEqual([2, 3, 5]);
  });

  it.runIf(process.platform === 'linux')('finds itself', { meta: { needs: 'Linux' } }, async () => {
    const own = (await readProcessTable('linux')).find(({ pid }) => pid === process.pid);
    expect(own?.parent).toBe(process.ppid);
    expect(own?.memoryBytes).toBeGreaterThan(1_000_000);
  });
});
