import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import { connectionFault, errorChain, refusalFault } from '../gateway/gateway-faults.ts';

const CUT_CODES = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'UND_ERR_BODY_TIMEOUT', 'EPIPE']);

/** What kept an answer from coming, as a coded fault. */
export function answerFault(error: unknown, limitSeconds: number): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof APIUserAbortError) return new AppError('cancelled', phrase('answer_stopped'));
  if (error instanceof APIConnectionTimeoutError) return timeoutFault(limitSeconds);
  if (error instanceof APIConnectionError) {
    // The library's own error says only "Connection error."; its cause knows.
    return wasCut(error) ? cutFault(error) : connectionFault(error.cause ?? error, limitSeconds);
  }
  if (error instanceof APIError) {
    const { message } = (error.error ?? {}) as { message?: unknown };
    return refusalFault({
      status: error.status ?? 502,
      code: error.code ?? undefined,
      message: typeof message === 'string' ? message : error.message,
      retryAfter: error.headers?.get('retry-after') ?? undefined,
    });
  }
  return wasCut(error) ? cutFault(error) : connectionFault(error, limitSeconds);
}

export function cutFault(cause?: unknown): AppError {
  return new AppError('upstream.cut', phrase('answer_cut'), {
    hint: 'What had come is kept. Ask again; the log of the gateway says more.',
    ...(cause === undefined ? {} : { cause }),
  });
}

function timeoutFault(seconds: number): AppError {
  return new AppError('upstream.timeout', phrase('answer_too_slow', { seconds }), {
    hint: 'The model takes too long. Try again, or choose a smaller one.',
    params: { seconds },
  });
}

function wasCut(error: unknown): boolean {
  return errorChain(error).some(
    ({ code, message }) => (code !== undefined && CUT_CODES.has(code)) || message === 'terminated',
  );
}
