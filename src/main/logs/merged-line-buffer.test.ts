import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineBytes, MergedLineBuffer } from './merged-line-buffer.ts';

const line = (at: number, text = `t${at}`) => ({ service: 's', at, stream: 'stdout' as const, text });

describe('MergedLineBuffer', () => {
  it('merges sources by time and keeps the order within each', () => {
    const buffer = new MergedLineBuffer(10_000);
    for (const at of [1, 4, 3]) buffer.push('a', line(at));
    for (const at of [2, 5]) buffer.push('b', line(at));
    expect(buffer.take(1000).lines.map(({ at }) => at)).toEqual([1, 2, 4, 3, 5]);
    expect(buffer.isEmpty).toBe(true);
  });

  it('drops the oldest beyond its bytes and counts them once', () => {
    const buffer = new MergedLineBuffer(lineBytes(line(1)) * 2);
    for (const at of [1, 2, 3, 4]) buffer.push('a', line(at));
    expect(buffer.take(1000)).toEqual({ lines: [line(3), line(4)], dropped: 2 });
    expect(buffer.take(1000)).toEqual({ lines: [], dropped: 0 });
  });

  it('hands out batches below the limit, but always at least one line', () => {
    const buffer = new MergedLineBuffer(100_000);
    buffer.push('a', line(1, 'x'.repeat(500)));
    buffer.push('a', line(2, 'y'));
    buffer.push('a', line(3, 'z'));
    expect(buffer.take(100).lines.map(({ at }) => at)).toEqual([1]);
    expect(buffer.take(100).lines.map(({ at }) => at)).toEqual([2, 3]);
  });

  it('loses nothing that it does not count, whatever is pushed and taken', () => {
    const step = fc.oneof(
      fc.record({ push: fc.constantFrom('a', 'b', 'c'), size: fc.nat(60) }),
      fc.record({ take: fc.integer({ min: 1, max: 200 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const buffer = new MergedLineBuffer(2000);
        let pushed = 0;
        let seen = 0;
        for (const [at, one] of steps.entries())
          if ('push' in one) {
            buffer.push(one.push, line(at, 'x'.repeat(one.size)));
            pushed += 1;
            expect(buffer.bytes).toBeLessThanOrEqual(2000);
          } else {
            const { lines, dropped } = buffer.take(one.take);
            seen += lines.length + dropped;
          }
        const { lines, dropped } = buffer.take(Number.POSITIVE_INFINITY);
        expect(seen + lines.length + dropped).toBe(pushed);
        expect(buffer.bytes).toBe(0);
      }),
    );
  });
});
