import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Processor time used so far. */
  readonly cpuMs: number;
  readonly memoryBytes: number;
  /** Tells a process from a later one with the same id. */
  readonly startedAt: string;
}

const run = promisify(execFile);
/** USER_HZ, which Linux fixes at 100 for what it shows to programs. */
const TICK_MS = 10;
const PAGE_BYTES = 4096;
const LIMIT_MS = 5000;
const POWERSHELL =
  'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.ParentProcessId) $($_.WorkingSetSize) $($_.KernelModeTime + $_.UserModeTime) $($_.CreationDate.Ticks)" }';

/** Every process of the machine, as far as this user may see it. */
export async function readProcessTable(platform: NodeJS.Platform): Promise<readonly ProcessEntry[]> {
  switch (platform) {
    case 'linux':
      return readProc();
    case 'win32': {
      const { stdout } = await run(
        'powershell.exe',
        ['-NoProfile', '-NonInteractive', '-Command', POWERSHELL],
        {
          windowsHide: true,
          timeout: LIMIT_MS,
          maxBuffer: 16 * 1024 * 1024,
        },
      );
      return parseWindowsTable(stdout);
    }
    default: {
      const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,rss=,time=,lstart='], {
        timeout: LIMIT_MS,
        maxBuffer: 16 * 1024 * 1024,
        env: { ...process.env, LC_ALL: 'C' },
      });
      return parsePsTable(stdout);
    }
  }
}

async function readProc(): Promise<readonly ProcessEntry[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(
    names.map(async (name) => {
      try {
        return parseProcStat(await readFile(`/proc/${name}/stat`, 'utf8'));
      } catch {
        // Ended between the two calls.
        return undefined;
      }
    }),
  );
  return entries.filter((entry) => entry !== undefined);
}

/** One line of `/proc/<pid>/stat`; the name in brackets may hold spaces and brackets itself. */
export function parseProcStat(text: string): ProcessEntry | undefined {
  const close = text.lastIndexOf(')');
  const pid = Number.parseInt(text, 10);
  if (close === -1 || Number.isNaN(pid)) return undefined;
  const fields = text.slice(close + 2).split(' ');
  const number = (index: number) => Number(fields[index] ?? 0);
  return {
    pid,
    parent: number(1),
    cpuMs: (number(11) + number(12)) * TICK_MS,
    memoryBytes: number(21) * PAGE_BYTES,
    startedAt: fields[19] ?? '',
  };
}

/** `ps -o pid=,ppid=,rss=,time=,lstart=` of macOS and the BSDs: rss in KiB, time as `[[dd-]hh:]mm:ss.cc`. */
export function parsePsTable(text: string): readonly ProcessEntry[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+([\d:.-]+)\s+(.+?)\s*$/.exec(line);
    if (match === null) return [];
    const [, pid, parent, kibibytes, time = '', startedAt = ''] = match;
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        cpuMs: parsePsTime(time),
        memoryBytes: Number(kibibytes) * 1024,
        startedAt,
      },
    ];
  });
}

/** Lines of `pid parent bytes time start`, times in units of 100 ns. */
export function parseWindowsTable(text: string): readonly ProcessEntry[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(\d+) (\d+) (\d+) (\d+) (\d*)\s*$/.exec(line);
    if (match === null) return [];
    const [, pid, parent, bytes, time, startedAt = ''] = match;
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        cpuMs: Number(time) / 10_000,
        memoryBytes: Number(bytes),
        startedAt,
      },
    ];
  });
}

function parsePsTime(text: string): number {
  const [days, clock] = text.includes('-') ? text.split('-') : ['0', text];
  const seconds = (clock ?? '').split(':').reduce((total, part) => total * 60 + Number(part), 0);
  return (Number(days) * 86_400 + seconds) * 1000;
}

/** The process and everything below it. */
export function processTree(table: readonly ProcessEntry[], root: number): readonly ProcessEntry[] {
  const children = new Map<number, ProcessEntry[]>();
  for (const entry of table) {
    const siblings = children.get(entry.parent);
    if (siblings === undefined) children.set(entry.parent, [entry]);
    else siblings.push(entry);
  }
  const found = table.filter((entry) => entry.pid === root);
  const seen = new Set([root]);
  // The array grows while it is walked; `seen` keeps a table that changed under the reader from looping.
  for (const entry of found)
    for (const child of children.get(entry.pid) ?? [])
      if (!seen.has(child.pid)) {
        seen.add(child.pid);
        found.push(child);
      }
  return found;
}
