import { randomBytes } from 'node:crypto';

/** The caller's trace, gone on with by the gateway: what an upstream is told, and what the log calls it. */
export interface TraceContext {
  readonly traceId: string;
  readonly traceparent: string;
  readonly tracestate?: string;
}

const TRACEPARENT =
  /^(?<version>[0-9a-f]{2})-(?<trace>[0-9a-f]{32})-(?<span>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<more>-.*)?$/;
const MAX_STATE_CHARACTERS = 512;

/**
 * The same trace with a span of the gateway's own; undefined when the caller sent none, or none that can be read.
 *
 * W3C Trace Context, Level 1, sections 3.2 and 3.3: version ff and ids of zeros are not valid, later versions are read as far as
 * they are known, and a state without its parent means nothing.
 */
export function continueTrace(
  traceparent: string | undefined,
  tracestate: string | undefined,
  newSpanId: () => string = () => randomBytes(8).toString('hex'),
): TraceContext | undefined {
  const { flags, more, span = '', trace = '', version } = TRACEPARENT.exec(traceparent ?? '')?.groups ?? {};
  if (version === undefined || version === 'ff' || /^0+$/.test(trace) || /^0+$/.test(span)) return undefined;
  if (version === '00' && more !== undefined) return undefined;
  // Of the flags only "sampled" is known.
  const sampled = Number.parseInt(flags ?? '0', 16) & 1;
  const state = tracestate?.trim() ?? '';
  return {
    traceId: trace,
    traceparent: `00-${trace}-${newSpanId()}-0${sampled}`,
    ...(state === '' || state.length > MAX_STATE_CHARACTERS ? {} : { tracestate: state }),
  };
}
