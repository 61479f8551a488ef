/** `null`, `~` and the spellings of true, false, infinity and no number that Compose's YAML reader knows. */
const WORDS: ReadonlyMap<string, string | number | boolean | null> = new Map<
  string,
  string | number | boolean | null
>([
  ['', null],
  ...['~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(
    (word) => [word, Number.POSITIVE_INFINITY] as const,
  ),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);
const NUMBER_START = /^[-+.\d]/;
const FLOAT = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;
const INTEGERS: readonly { readonly pattern: RegExp; readonly radix: string }[] = [
  { pattern: /^([-+]?)0[xX]([\da-fA-F]+)$/, radix: '0x' },
  { pattern: /^([-+]?)0[bB]([01]+)$/, radix: '0b' },
  { pattern: /^([-+]?)0[oO]?([0-7]+)$/, radix: '0o' },
  { pattern: /^([-+]?)(0|[1-9]\d*)$/, radix: '' },
];
const MAX_DIGITS = 64;

/**
 * What a plain scalar means to go-yaml, which reads YAML 1.2 with parts of 1.1: `yes` is text, `0644` octal, `1_000` a number.
 * Dates stay text; Compose refuses them.
 */
export function resolvePlain(text: string): string | number | boolean | null {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (!NUMBER_START.test(text)) return text;
  const plain = text.replaceAll('_', '');
  const whole = wholeNumber(plain);
  if (whole !== undefined) return Number(whole);
  return FLOAT.test(plain) ? Number(plain) : text;
}

/** How Go prints the value of a scalar into an environment or a label: `1e3` becomes `1000`, `True` becomes `true`. */
export function goText(value: string | number | boolean | null, text: string): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (typeof value === 'boolean') return String(value);
  const whole = wholeNumber(text.replaceAll('_', ''));
  if (whole !== undefined && whole >= -(2n ** 63n) && whole < 2n ** 64n) return String(whole);
  return goFloat(value);
}

function wholeNumber(text: string): bigint | undefined {
  if (text.length > MAX_DIGITS) return undefined;
  for (const { pattern, radix } of INTEGERS) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const digits = BigInt(`${radix}${match[2] ?? ''}`);
    return match[1] === '-' ? -digits : digits;
  }
  return undefined;
}

/** Go's `%v`: the shortest digits that mean this number, with an exponent from six places on. */
function goFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Object.is(value, -0)) return '-0';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const [mantissa = '', power = ''] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return String(value);
  const sign = exponent < 0 ? '-' : '+';
  return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
