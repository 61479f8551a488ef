import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RateWindow } from './rate-window.ts';

describe('RateWindow', () => {
  test('gives a minute at once, then refills steadily', () => {
    const window = new RateWindow(60, 0);
    for (let taken = 0; taken < 60; taken += 1) expect(window.take(1, 0)).toBe(true);
    expect(window.take(1, 0)).toBe(false);
    expect(window.state(0)).toEqual({ limit: 60, left: 0, resetMs: 1000 });
    expect(window.take(1, 1000)).toBe(true);
    expect(window.take(1, 1000)).toBe(false);
  });

  test('never lets more through than a full window and its refill', () => {
    const step = fc.record({ after: fc.nat(20_000), amount: fc.integer({ min: 1, max: 30 }) });
    fc.assert(
      fc.property(fc.integer({ min: 30, max: 100 }), fc.array(step, { maxLength: 60 }), (limit, steps) => {
        const window = new RateWindow(limit, 0);
        let now = 0;
        let taken = 0;
        for (const { after, amount } of steps) {
          now += after;
          if (window.take(amount, now)) taken += amount;
        }
        expect(taken).toBeLessThanOrEqual(limit + (now / 60_000) * limit + 1e-6);
      }),
    );
  });

  test.each([
    [10, 8],
    [4, 2],
    [1, 0],
  ])('has what was used of the limit before taken from another one (%i: %i left)', (limit, left) => {
    const window = new RateWindow(6, 0);
    for (const _ of [1, 2]) window.take(1, 0);
    window.setLimit(limit, 0);
    expect(window.state(0)).toMatchObject({ limit, left });
  });

  test('makes nobody wait for more than one of the other limit, whatever was used before', () => {
    const window = new RateWindow(1000, 0);
    window.take(900, 0);
    window.setLimit(60, 0);
    expect(window.take(1, 0)).toBe(false);
    expect(window.take(1, 1000)).toBe(true);
  });
});
