import { mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { FileManagerError } from '../errors.ts';
import type { FilePath } from './file-path.ts';

export function isInside(root: string, candidate: string): boolean {
  const relative = path.relative(root, candidate);
  return (
    relative === '' ||
    (!relative.startsWith(`..${path.sep}`) && relative !== '..' && !path.isAbsolute(relative))
  );
}

/**
 * The real folder a file lies in, which is then the one acted on: links are followed first, and what they lead to must
 * be inside the root. With `create`, missing folders are made one by one, each checked before the next.
 */
export async function resolveFolder(
  root: string,
  file: FilePath,
  options: { readonly create: boolean },
): Promise<string> {
  let folder = await realpath(root);
  const realRoot = folder;
  for (const segment of [file.area, ...file.segments.slice(0, -1)]) {
    const next = path.join(folder, segment);
    if (options.create) await mkdirIfMissing(next);
    folder = await realpath(next);
    if (!isInside(realRoot, folder)) throw outside(file);
  }
  return folder;
}

/** The real path of an existing file; refuses a link that leads out of the root. */
export async function resolveExisting(root: string, file: FilePath): Promise<string> {
  const folder = await resolveFolder(root, file, { create: false });
  const real = await realpath(path.join(folder, file.segments.at(-1) ?? ''));
  if (!isInside(await realpath(root), real)) throw outside(file);
  return real;
}

async function mkdirIfMissing(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

function outside(file: FilePath): FileManagerError {
  return new FileManagerError('file.outside', `${file.display} leads out of the data folder.`, {
    params: { file: file.display },
  });
}
