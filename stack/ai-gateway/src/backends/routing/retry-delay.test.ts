import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoffDelay, retryAfterMs } from './retry-delay.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');

describe('retryAfterMs', () => {
  test.each([
    [{ 'retry-after': '3' }, 3000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after-ms': '120', 'retry-after': '3' }, 120],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:10 GMT' }, 10_000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after-ms': 'x' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{}, undefined],
  ])('reads %j as %j', (headers, expected) => {
    expect(retryAfterMs(headers, () => NOW)).toBe(expected);
  });
});

describe('backoffDelay', () => {
  test('doubles its bound with every attempt and never leaves the given one', () => {
    const settings = { backoffMs: 100, maxBackoffMs: 1000 };
    expect([1, 2, 3, 4, 5, 60].map((attempt) => backoffDelay(attempt, settings, () => 1))).toEqual([
      100, 200, 400, 800, 1000, 1000,
    ]);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, random) => {
          const delay = backoffDelay(attempt, settings, () => random);
          expect(delay).toBeGreaterThanOrEqual(0);
          expect(delay).toBeLessThanOrEqual(1000);
        },
      ),
    );
  });
});
