import { readdirSync, readFileSync } from 'node:fs';

/** A process and everything it started, in megabytes. Shared pages count in parts (PSS), so that a sum is right. Linux only. */
export function treeMemoryMB(pid: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // The command in parentheses may hold spaces; the parent is the second field after it.
    const parent = Number(readProcess(name, 'stat').split(') ').at(-1)?.split(' ')[1]);
    parents.set(Number(name), parent);
  }
  const tree = new Set([pid]);
  let size = 0;
  while (size !== tree.size) {
    size = tree.size;
    for (const [child, parent] of parents) if (tree.has(parent)) tree.add(child);
  }
  let kilobytes = 0;
  for (const member of tree)
    kilobytes += Number(/^Pss:\s+(\d+)/m.exec(readProcess(member, 'smaps_rollup'))?.[1] ?? 0);
  return kilobytes / 1024;
}

function readProcess(pid: number | string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It ended while we looked.
    return '';
  }
}
