import { constants } from 'node:fs';
import { copyFile, link, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';

const MAGIC = Buffer.from('GGUF');
/** A header alone is longer than this. */
const MIN_BYTES = 64;

/** @throws AppError `model.not_found` or `model.not_gguf` */
export async function checkGguf(file: string): Promise<void> {
  const name = path.basename(file);
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw new AppError('model.not_found', phrase('model_unreadable', { name }), {
      params: { name },
      cause: error,
    });
  });
  try {
    const stats = await handle.stat();
    if (stats.isFile() && stats.size >= MIN_BYTES) {
      const { buffer } = await handle.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
      if (buffer.equals(MAGIC)) return;
    }
  } finally {
    await handle.close();
  }
  throw new AppError('model.not_gguf', `${name} is not a GGUF model file.`, {
    hint: 'Choose a file that ends in .gguf. Other formats have to be converted first.',
    params: { name },
  });
}

/**
 * Brings a model into the workspace and returns its name there.
 *
 * A hard link where the file system allows it, so that a large model is not stored twice; a copy otherwise. A file of the
 * same name and size is taken to be the same model; a different one gets a number.
 */
export async function adoptGguf(file: string, models: string): Promise<string> {
  await checkGguf(file);
  const source = await stat(file);
  const { name, ext } = path.parse(file);
  for (let number = 0; ; number += 1) {
    const candidate = number === 0 ? `${name}${ext}` : `${name}-${number}${ext}`;
    const target = path.join(models, candidate);
    const there = await stat(target).catch(() => undefined);
    if (there?.size === source.size) return candidate;
    if (there !== undefined) continue;
    try {
      await link(file, target);
    } catch {
      await copy(file, target);
    }
    return candidate;
  }
}

async function copy(file: string, target: string): Promise<void> {
  try {
    // Copy-on-write where there is such a thing.
    await copyFile(file, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC')
      throw new AppError('disk_full', phrase('model_not_copied'), {
        hint: 'Free some space, or put the model on the same disk as the workspace: then it is not copied.',
        cause: error,
      });
    throw error;
  }
}
