import { describe, expect, test } from 'vitest';
import type { Retry } from './backend-failure.ts';
import { nextStep } from './next-step.ts';

const settings = { maxAttempts: 3, backoffMs: 100, maxBackoffMs: 1000 };
const step = (
  retry: Retry,
  extra: {
    attempt?: number;
    untried?: number;
    candidates?: number;
    remainingMs?: number;
    retryAfterMs?: number;
  } = {},
) => {
  const { retryAfterMs, ...rest } = extra;
  const failed = { attempt: 1, untried: 0, candidates: 1, remainingMs: 60_000, ...rest };
  return nextStep(
    { ...failed, verdict: { retry, isBackendsFault: true, retryAfterMs } },
    settings,
    () => 0.5,
  );
};

describe('nextStep', () => {
  test('asks another backend at once, as long as there is one', () => {
    expect(step('again', { untried: 1, candidates: 2 })).toEqual({ kind: 'elsewhere' });
    expect(step('elsewhere', { untried: 1, candidates: 2 })).toEqual({ kind: 'elsewhere' });
  });

  test('asks the same one after a random pause', () => {
    expect(step('again')).toEqual({ kind: 'again', delayMs: 50 });
    expect(step('again', { attempt: 2 })).toEqual({ kind: 'again', delayMs: 100 });
  });

  test('gives up on what is the fault of the request, after enough attempts, and with no time left', () => {
    expect(step('never', { untried: 3, candidates: 4 })).toEqual({ kind: 'give-up' });
    expect(step('again', { attempt: 3 })).toEqual({ kind: 'give-up' });
    expect(step('elsewhere')).toEqual({ kind: 'give-up' });
    expect(step('again', { remainingMs: 40 })).toEqual({ kind: 'give-up' });
  });

  test('asks once more at once when a connection ended without an answer', () => {
    expect(step('at-once', { untried: 1, candidates: 2 })).toEqual({ kind: 'again', delayMs: 0 });
    expect(step('at-once', { attempt: 2, untried: 1, candidates: 2 })).toEqual({ kind: 'elsewhere' });
    expect(step('at-once', { attempt: 2 })).toEqual({ kind: 'again', delayMs: 100 });
  });

  test('waits as long as the backend wants, up to the bound', () => {
    expect(step('again', { retryAfterMs: 500 })).toEqual({ kind: 'again', delayMs: 550 });
    expect(step('again', { retryAfterMs: 1001 })).toEqual({ kind: 'give-up' });
  });

  test('leaves it to the caller to wait for a busy one, unless all of several are', () => {
    expect(step('when-free', { retryAfterMs: 500 })).toEqual({ kind: 'give-up' });
    expect(step('when-free', { retryAfterMs: 500, candidates: 2, untried: 1 })).toEqual({
      kind: 'elsewhere',
    });
    const all = { candidates: 2, attempt: 2 };
    expect(step('when-free', { ...all, retryAfterMs: 500 })).toEqual({ kind: 'again', delayMs: 600 });
    expect(step('when-free', { ...all, retryAfterMs: 5000 })).toEqual({ kind: 'give-up' });
  });
});
