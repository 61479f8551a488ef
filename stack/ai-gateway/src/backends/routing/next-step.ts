import type { Verdict } from './backend-failure.ts';
import { type BackoffSettings, backoffDelay } from './retry-delay.ts';

export interface FailedAttempt {
  /** 1 for the first. */
  readonly attempt: number;
  readonly verdict: Verdict;
  /** Candidates that have not been asked yet. */
  readonly untried: number;
  /** All of the request's candidates. */
  readonly candidates: number;
  /** Until the request has to be over. */
  readonly remainingMs: number;
}

export type NextStep =
  | { readonly kind: 'give-up' }
  /** Ask one that was not asked yet. */
  | { readonly kind: 'elsewhere' }
  /** Ask anyone again after a pause. */
  | { readonly kind: 'again'; readonly delayMs: number };

export interface RetrySettings extends BackoffSettings {
  readonly maxAttempts: number;
}

/** What comes after an attempt that failed before the first byte. */
export function nextStep(failed: FailedAttempt, settings: RetrySettings, random: () => number): NextStep {
  const { attempt, verdict } = failed;
  if (verdict.retry === 'never' || attempt >= settings.maxAttempts) return { kind: 'give-up' };
  if (verdict.retry === 'at-once' && attempt === 1) return { kind: 'again', delayMs: 0 };
  if (failed.untried > 0) return { kind: 'elsewhere' };
  if (verdict.retry === 'elsewhere') return { kind: 'give-up' };
  // With nobody else to ask, the caller knows best whether to wait for one that is busy.
  if (verdict.retry === 'when-free' && failed.candidates === 1) return { kind: 'give-up' };
  const wanted = verdict.retryAfterMs ?? 0;
  if (wanted > settings.maxBackoffMs) return { kind: 'give-up' };
  const delayMs = wanted + backoffDelay(attempt, settings, random);
  return delayMs >= failed.remainingMs ? { kind: 'give-up' } : { kind: 'again', delayMs };
}
