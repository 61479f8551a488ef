import { readFile } from 'node:fs/promises';
import { AppError } from '../../shared/errors/app-error.ts';

/** @throws AppError `compose.invalid`; undefined when there is no such file. */
export async function readProjectFile(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw new AppError('compose.invalid', `${path} cannot be read.`, {
      cause: error,
      params: {
        file: path,
        line: 1,
        column: 1,
        path: '(file)',
        expected: 'a readable file',
        found: String(error),
      },
    });
  }
}
