import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { FileManagerError } from '../errors.ts';
import { type Area, kindOfName, MAX_DEPTH, refuseSegment } from './file-path.ts';
import { isInside } from './resolve-folder.ts';
import { STAGED_NAME } from './staged-file.ts';

export interface FileEntry {
  /** Relative to the area, with slashes. */
  readonly path: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

export interface Listing {
  readonly entries: readonly FileEntry[];
  /** True when there are more files than the limit. */
  readonly truncated: boolean;
}

/** All files of an area that could be opened, by path. Links are left out: following them could leave the root or go in circles. */
export async function listFiles(root: string, area: Area, limit: number): Promise<Listing> {
  const realRoot = await realpath(root);
  const top = await realpathOrUndefined(path.join(realRoot, area));
  if (top === undefined) return { entries: [], truncated: false };
  if (!isInside(realRoot, top)) {
    throw new FileManagerError('file.outside', `${area} leads out of the data folder.`, {
      params: { file: area },
    });
  }
  const entries: FileEntry[] = [];
  for await (const file of walk(top, [])) {
    if (kindOfName(file.name, area) === undefined) continue;
    if (entries.length === limit) return { entries: sorted(entries), truncated: true };
    const stats = await lstat(path.join(top, ...file.segments)).catch(() => undefined);
    // Deleted between listing and looking: as if it had never been there.
    if (stats?.isFile())
      entries.push({ path: file.segments.join('/'), size: stats.size, modified: Math.round(stats.mtimeMs) });
  }
  return { entries: sorted(entries), truncated: false };
}

/** Removes what uploads cut off by a crash left behind. Only names that StagedFile gives. */
export async function removeStagedFiles(root: string, areas: readonly Area[]): Promise<number> {
  let removed = 0;
  for (const area of areas) {
    const top = path.join(root, area);
    for await (const file of walk(top, [], (entry) => STAGED_NAME.test(entry.name))) {
      if (!STAGED_NAME.test(file.name)) continue;
      await rm(path.join(top, ...file.segments), { force: true });
      removed += 1;
    }
  }
  return removed;
}

interface Walked {
  readonly name: string;
  readonly segments: readonly string[];
}

type Accept = (entry: Dirent) => boolean;
const usable: Accept = (entry) => refuseSegment(entry.name) === undefined;

async function* walk(
  folder: string,
  above: readonly string[],
  acceptFile: Accept = usable,
): AsyncGenerator<Walked> {
  if (above.length >= MAX_DEPTH) return;
  const found = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  for (const entry of found) {
    const segments = [...above, entry.name];
    if (entry.isFile() && acceptFile(entry)) yield { name: entry.name, segments };
    else if (entry.isDirectory() && usable(entry))
      yield* walk(path.join(folder, entry.name), segments, acceptFile);
  }
}

function sorted(entries: FileEntry[]): readonly FileEntry[] {
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function realpathOrUndefined(file: string): Promise<string | undefined> {
  try {
    return await realpath(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
