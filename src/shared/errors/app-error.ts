import type { ErrorCode } from './error-codes.ts';
import { inEnglish, type Phrase, type PhraseValue, phrase, verbatim } from './phrases/phrase.ts';

export type ErrorParams = Readonly<Record<string, string | number>>;

/** What crosses the RPC boundary of a fault: never a stack, never a secret. */
export interface AppErrorData {
  readonly code: ErrorCode;
  /** What happened, in English; the renderer shows its own language by `code`, `params` and `phrases`. */
  readonly message: string;
  /** What to do next, in English. */
  readonly hint?: string | undefined;
  readonly params: ErrorParams;
  /** What of it the window words in its own language. */
  readonly phrases?: ErrorPhrases | undefined;
}

export interface ErrorPhrases {
  /** Of the message. */
  readonly message?: Phrase | undefined;
  /** Of those parameters that are words of ours, which `params` has in English. */
  readonly params?: Readonly<Record<string, Phrase>> | undefined;
}

export interface AppErrorOptions {
  readonly hint?: string;
  readonly params?: Readonly<Record<string, PhraseValue>>;
  readonly cause?: unknown;
}

/** A fault with a stable code, a sentence for a person and, where there is one, the next step. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly params: ErrorParams;
  readonly phrases: ErrorPhrases | undefined;

  constructor(code: ErrorCode, message: string | Phrase, options: AppErrorOptions = {}) {
    super(
      typeof message === 'string' ? message : inEnglish(message),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.hint = options.hint;
    const given = Object.entries(options.params ?? {});
    this.params = Object.fromEntries(
      given.map(([name, value]) => [name, typeof value === 'object' ? inEnglish(value) : value]),
    );
    const words = given.filter((entry): entry is [string, Phrase] => typeof entry[1] === 'object');
    const phrases = {
      ...(typeof message === 'string' ? {} : { message }),
      ...(words.length === 0 ? {} : { params: Object.fromEntries(words) }),
    };
    this.phrases = Object.keys(phrases).length === 0 ? undefined : phrases;
  }

  toData(): AppErrorData {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      params: { ...this.params },
      ...(this.phrases === undefined ? {} : { phrases: this.phrases }),
    };
  }
}

/** Turns anything thrown into an {@link AppError}; unknown faults become `internal` and keep their cause. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof Error && error.name === 'AbortError')
    return new AppError('cancelled', phrase('cancelled'), { cause: error });
  return new AppError('internal', phrase('internal'), { cause: error });
}

/** The fault that these data were made of, without its cause. */
export function fromAppErrorData({ code, message, hint, params, phrases }: AppErrorData): AppError {
  return new AppError(code, phrases?.message ?? message, {
    ...(hint === undefined ? {} : { hint }),
    params: { ...params, ...phrases?.params },
  });
}

/** What a fault says, to be quoted by another one. */
export function wording({ message, phrases }: AppError): Phrase {
  return phrases?.message ?? verbatim(message);
}
