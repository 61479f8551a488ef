import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';

/** Turns what the file system refused into a sentence with a next step. Coded errors pass through. */
export function diskFault(error: unknown, path: string): AppError {
  if (error instanceof AppError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const options = { cause: error, params: { path } };
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError('disk_full', phrase('no_space_for', { path }), {
        ...options,
        hint: 'Free some space, then try again.',
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError('read_only', phrase('path_unwritable', { path }), {
        ...options,
        hint: 'Give yourself write access to it, or choose another workspace.',
      });
    case 'ENOTDIR':
    case 'EEXIST':
    case 'ENOENT':
    case 'ELOOP':
    case 'ENAMETOOLONG':
      return new AppError('workspace.invalid', phrase('not_a_workspace', { path }), {
        ...options,
        hint: 'Choose a folder that exists or can be made.',
      });
    default:
      return new AppError('workspace.invalid', phrase('workspace_not_prepared', { path }), options);
  }
}
