import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import ignore from '@balena/dockerignore';

/** A file of a folder that is sent to a builder. */
export interface FolderEntry {
  /** Relative to the folder, with slashes. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink';
  /** Permission bits. */
  readonly mode: number;
  readonly size: number;
  /** Nanoseconds since the epoch. */
  readonly modifiedNs: bigint;
  readonly target?: string;
}

export interface EntryFilter {
  readonly includes: (path: string) => boolean;
  /** Of a folder that is not included: something in it may be wanted after all (`!dir/file`). */
  readonly looksInto: (path: string) => boolean;
}

export interface WalkLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

export class FolderTooLarge extends Error {
  readonly limits: WalkLimits;

  constructor(limits: WalkLimits) {
    super(`more than ${limits.maxBytes / 1024 ** 3} GiB or ${limits.maxEntries} files`);
    this.limits = limits;
  }
}

const ANY_PERMISSIONS = 0o755;

/** Walks a folder in the order that builders expect: each folder before its entries, names by their bytes. */
export async function* walkFolder(
  root: string,
  filter: EntryFilter,
  { maxEntries, maxBytes }: WalkLimits,
): AsyncGenerator<FolderEntry, void, void> {
  let count = 0;
  let bytes = 0;
  const visit = async function* (folder: string): AsyncGenerator<FolderEntry, void, void> {
    const names = await readdir(join(root, folder));
    for (const name of names.sort(compareNames)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const isIncluded = filter.includes(path);
      if (!isIncluded && !filter.looksInto(path)) continue;
      const entry = await readEntry(root, path);
      if (entry === undefined) continue;
      if (isIncluded) {
        count += 1;
        bytes += entry.size;
        if (count > maxEntries || bytes > maxBytes) throw new FolderTooLarge({ maxEntries, maxBytes });
        yield entry;
      }
      if (entry.type === 'directory') yield* isIncluded ? visit(path) : withParents(visit(path), entry);
    }
  };
  yield* visit('');
}

/** An ignored folder is there after all when something in it is. */
async function* withParents(
  entries: AsyncIterable<FolderEntry>,
  parent: FolderEntry,
): AsyncGenerator<FolderEntry, void, void> {
  let isFirst = true;
  for await (const entry of entries) {
    if (isFirst) yield parent;
    isFirst = false;
    yield entry;
  }
}

/** Undefined for what cannot be in an image's context (sockets, pipes), and for what is gone by now. */
async function readEntry(root: string, path: string): Promise<FolderEntry | undefined> {
  const full = join(root, path);
  const stats = await lstat(full, { bigint: true }).catch(() => undefined);
  if (stats === undefined) return undefined;
  const common = {
    path,
    mode: process.platform === 'win32' ? ANY_PERMISSIONS : Number(stats.mode & 0o7777n),
    modifiedNs: stats.mtimeNs,
  };
  if (stats.isDirectory()) return { ...common, type: 'directory', size: 0 };
  if (stats.isFile()) return { ...common, type: 'file', size: Number(stats.size) };
  if (stats.isSymbolicLink()) return { ...common, type: 'symlink', size: 0, target: await readTarget(full) };
  return undefined;
}

async function readTarget(path: string): Promise<string> {
  const target = await readlink(path);
  return process.platform === 'win32' ? target.replaceAll('\\', '/') : target;
}

/** As Go compares strings: by UTF-8 bytes, which differs from JavaScript's order only past U+D800. */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  return /[\ud800-\udfff]/.test(a + b) ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : a < b ? -1 : 1;
}

/** @param patterns lines of a `.dockerignore` */
export function ignoreFilter(
  patterns: string | readonly string[],
  always: readonly string[] = [],
): EntryFilter {
  const lines = typeof patterns === 'string' ? patterns.split(/\r?\n/) : patterns;
  const accepts = ignore({ ignorecase: false })
    .add([...lines])
    .createFilter();
  const needed = new Set(always);
  const hasExceptions = lines.some((line) => /^\s*!/.test(line)) || always.some((path) => path.includes('/'));
  return { includes: (path) => needed.has(path) || accepts(path), looksInto: () => hasExceptions };
}

export async function readOptional(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
