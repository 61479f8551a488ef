import { mapEventIterator } from '@orpc/client';
import { ORPCError } from '@orpc/server';
import { AppError, type AppErrorData, toAppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { Logger } from '../lifetime/logger.ts';

/** What the window gets to see of a fault: its code, sentence and hint. The rest stays in the log. */
export function toRpcError(error: unknown): ORPCError<'APP_ERROR', AppErrorData> {
  const fault = isRejectedInput(error)
    ? new AppError('invalid_input', phrase('not_allowed'), { cause: error })
    : toAppError(error);
  return new ORPCError('APP_ERROR', { defined: true, message: fault.message, data: fault.toData() });
}

function isRejectedInput(error: unknown): boolean {
  return error instanceof ORPCError && (error.code === 'BAD_REQUEST' || error.code === 'NOT_FOUND');
}

/** Wraps every call and every event iterator, so that no raw error crosses the port. */
export function mapFaults(logger: Logger) {
  const translate = (error: unknown, path: readonly string[]) => {
    const mapped = toRpcError(error);
    const { code } = mapped.data;
    if (code === 'internal' || code === 'invalid_input')
      logger.error({ call: path.join('.'), err: error }, code);
    return mapped;
  };
  return async (options: {
    readonly path: readonly string[];
    next(): Promise<unknown>;
  }): Promise<unknown> => {
    const { path } = options;
    try {
      const output = await options.next();
      return isAsyncIterator(output)
        ? mapEventIterator(output, {
            value: async (value) => value,
            error: async (error) => translate(error, path),
          })
        : output;
    } catch (error) {
      throw translate(error, path);
    }
  };
}

function isAsyncIterator(value: unknown): value is AsyncIterator<unknown, unknown, void> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'next' in value;
}
