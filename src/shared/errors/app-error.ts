import type { ErrorCode } from './error-codes.ts';

export type ErrorParams = Readonly<Record<string, string | number>>;

/** What crosses the RPC boundary of a fault: never a stack, never a secret. */
export interface AppErrorData {
  readonly code: ErrorCode;
  /** What happened, in English; the renderer shows its own language by `code` and `params`. */
  readonly message: string;
  /** What to do next, in English. */
  readonly hint?: string | undefined;
  readonly params: ErrorParams;
}

export interface AppErrorOptions {
  readonly hint?: string;
  readonly params?: ErrorParams;
  readonly cause?: unknown;
}

/** A fault with a stable code, a sentence for a person and, where there is one, the next step. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly params: ErrorParams;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.params = options.params ?? {};
  }

  toData(): AppErrorData {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      params: { ...this.params },
    };
  }
}

/** Turns anything thrown into an {@link AppError}; unknown faults become `internal` and keep their cause. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof Error && error.name === 'AbortError')
    return new AppError('cancelled', 'The operation was cancelled.', { cause: error });
  return new AppError('internal', 'Something went wrong inside Skilldeck.', { cause: error });
}
