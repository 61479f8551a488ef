import { AppError } from '../../shared/errors/app-error.ts';

/** Turns what the file system refused into a sentence with a next step. Coded errors pass through. */
export function diskFault(error: unknown, path: string): AppError {
  if (error instanceof AppError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const options = { cause: error, params: { path } };
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError('disk_full', `There is no space left to write ${path}.`, {
        ...options,
        hint: 'Free some space, then try again.',
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError('read_only', `${path} cannot be written.`, {
        ...options,
        hint: 'Give yourself write access to it, or choose another workspace.',
      });
    case 'ENOTDIR':
    case 'EEXIST':
    case 'ENOENT':
    case 'ELOOP':
    case 'ENAMETOOLONG':
      return new AppError('workspace.invalid', `${path} cannot be used as a folder of the workspace.`, {
        ...options,
        hint: 'Choose a folder that exists or can be made.',
      });
    default:
      return new AppError('workspace.invalid', `The workspace cannot be prepared at ${path}.`, options);
  }
}
