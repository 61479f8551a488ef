// Here as well, so that the bundler puts it into the chunk of the schemas, ahead of them.
import './zod-without-eval.ts';
import { ORPCError } from '@orpc/client';
import { AppError, type AppErrorData, toAppError } from '../../shared/errors/app-error.ts';
import { appErrorDataSchema } from '../../shared/errors/app-error-data.ts';

/** The coded error in whatever a call threw; anything unknown is `internal`, without its insides. */
export function readAppError(error: unknown): AppErrorData {
  if (error instanceof AppError) return error.toData();
  if (error instanceof ORPCError) {
    const parsed = appErrorDataSchema.safeParse(error.data);
    if (parsed.success) return parsed.data;
    if (error.code === 'BAD_REQUEST') return { code: 'invalid_input', message: error.message, params: {} };
  }
  return toAppError(error).toData();
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
