const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
const UNIT_NS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
  d: 24n * HOUR,
  w: 168n * HOUR,
};
/** Go counts in 64 bits: about 292 years. */
const MAX_NS = 2n ** 63n;

/** Nanoseconds of `1m30s`, `1.5h`, `-1s` or `1w2d`, the spelling that Compose reads; undefined when it is none. */
export function parseGoDuration(text: string): bigint | undefined {
  const [, sign = '', body = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (body === '0') return 0n;
  if (body === '' || body.length > 200) return undefined;
  let total = 0n;
  let rest = body;
  while (rest !== '') {
    const match = /^(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h|d|w)/.exec(rest);
    const [all = '', whole = '', fraction = '', unit = ''] = match ?? [];
    if (match === null || whole + fraction === '') return undefined;
    const ns = UNIT_NS[unit] ?? 0n;
    total += BigInt(whole || '0') * ns + (BigInt(fraction || '0') * ns) / 10n ** BigInt(fraction.length);
    rest = rest.slice(all.length);
  }
  if (total >= MAX_NS) return undefined;
  return sign === '-' ? -total : total;
}

/** As Go prints a `time.Duration`: `1h0m0s`, `1m30s`, `1.5s`, `10ms`, `500µs`, `0s`. */
export function formatGoDuration(nanoseconds: bigint): string {
  if (nanoseconds < 0n) return `-${formatGoDuration(-nanoseconds)}`;
  if (nanoseconds === 0n) return '0s';
  if (nanoseconds < 1000n) return `${nanoseconds}ns`;
  if (nanoseconds < 1_000_000n) return `${decimal(nanoseconds, 3)}µs`;
  if (nanoseconds < SECOND) return `${decimal(nanoseconds, 6)}ms`;
  const seconds = `${decimal(nanoseconds % MINUTE, 9)}s`;
  const minutes = nanoseconds / MINUTE;
  if (minutes === 0n) return seconds;
  return minutes < 60n ? `${minutes}m${seconds}` : `${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

/** Milliseconds of a duration that {@link formatGoDuration} wrote. */
export function goDurationMs(text: string): number {
  return Number(parseGoDuration(text) ?? 0n) / 1_000_000;
}

/** `value / 10^digits` without trailing zeros. */
function decimal(value: bigint, digits: number): string {
  const scale = 10n ** BigInt(digits);
  const fraction = (value % scale).toString().padStart(digits, '0').replace(/0+$/, '');
  return fraction === '' ? `${value / scale}` : `${value / scale}.${fraction}`;
}
