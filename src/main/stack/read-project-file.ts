import { readFile } from 'node:fs/promises';
import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';

/** @throws AppError `compose.invalid`; undefined when there is no such file. */
export async function readProjectFile(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw new AppError('compose.invalid', phrase('file_unreadable', { path }), {
      cause: error,
      params: {
        file: path,
        line: 1,
        column: 1,
        path: phrase('whole_file'),
        expected: phrase('readable_file'),
        found: String(error),
      },
    });
  }
}
