import { GatewayError, type GatewayErrorCode, type GatewayErrorOptions } from '../../gateway-error.ts';

/** What a failure before the first byte means for the rest of the request. */
export interface Verdict {
  readonly retry: Retry;
  /** Whether it speaks against the backend, for its circuit breaker. */
  readonly isBackendsFault: boolean;
  /** When the backend wants to be asked again. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * - `never`: the request is at fault, or the answer has begun
 * - `elsewhere`: another backend may do better
 * - `again`: this one may, too, after a pause
 * - `when-free`: it is well, but takes no more for now
 * - `at-once`: the connection ended before anything came; likely it had been idle for too long
 */
export type Retry = 'never' | 'elsewhere' | 'again' | 'when-free' | 'at-once';

/** A failure of a backend that knows what may be done about it. */
export class BackendFailure extends GatewayError {
  readonly verdict: Verdict;

  constructor(code: GatewayErrorCode, sentence: string, verdict: Verdict, options: GatewayErrorOptions = {}) {
    super(code, sentence, options);
    this.verdict = verdict;
  }
}

/** Codes of a backend that cannot now, or cannot this; what another one can. */
const ELSEWHERE = new Set<GatewayErrorCode>([
  'unsupported',
  'context_length_exceeded',
  'model_not_found',
  'model_loading',
  'model_unloaded',
  'model_file_missing',
  'model_file_invalid',
  'model_load_failed',
  'worker_crashed',
  'circuit_open',
]);

export function verdictOf(error: unknown): Verdict {
  if (error instanceof BackendFailure) return error.verdict;
  const mayElsewhere = error instanceof GatewayError && ELSEWHERE.has(error.code);
  return { retry: mayElsewhere ? 'elsewhere' : 'never', isBackendsFault: false };
}
