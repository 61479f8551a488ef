import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { continueTrace } from './trace-context.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const next = (parent: string | undefined, state?: string) =>
  continueTrace(parent, state, () => '00000000000000aa');

describe('continueTrace', () => {
  it('keeps the trace and its sampling, with a span of its own', () => {
    expect(next(`00-${TRACE}-${SPAN}-01`, 'vendor=1')).toEqual({
      traceId: TRACE,
      traceparent: `00-${TRACE}-00000000000000aa-01`,
      tracestate: 'vendor=1',
    });
    expect(next(`00-${TRACE}-${SPAN}-00`)?.traceparent).toBe(`00-${TRACE}-00000000000000aa-00`);
  });

  it('reads later versions as far as it knows them', () => {
    expect(next(`cc-${TRACE}-${SPAN}-ff-more`)?.traceparent).toBe(`00-${TRACE}-00000000000000aa-01`);
  });

  it.each([
    undefined,
    '',
    `ff-${TRACE}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}`,
  ])('takes %j for no trace', (parent) => {
    expect(next(parent, 'vendor=1')).toBeUndefined();
  });

  it('never hands on what a header may not hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const trace = continueTrace(text, undefined);
        expect(trace === undefined || /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/.test(trace.traceparent)).toBe(
          true,
        );
      }),
    );
  });
});
