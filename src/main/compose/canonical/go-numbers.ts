import type { LocatedScalar } from '../located.ts';
import { goText as printedAsGo } from '../tree/yaml-scalar.ts';

const WHOLE = /^[+-]?\d+$/;
const FLOAT = /^[+-]?(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(e[+-]?\d+)?$/i;
const SIZE_POWER: Readonly<Record<string, number>> = { k: 1, m: 2, g: 3, t: 4, p: 5 };

/** Go's `ParseFloat`, without the hexadecimal forms. */
export function parseGoFloat(text: string): number | undefined {
  return FLOAT.test(text) ? Number(text.replaceAll('_', '')) : undefined;
}

/** Go's `ParseInt` in base 10; undefined also for what does not fit a double exactly. */
export function parseGoInt(text: string): number | undefined {
  const value = WHOLE.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** The shortest decimal that means the same 32-bit float, which is how Go writes one. */
export function shortestFloat32(value: number): number {
  const target = Math.fround(value);
  for (let digits = 1; digits <= 9; digits += 1) {
    const candidate = Number(target.toPrecision(digits));
    if (Math.fround(candidate) === target) return candidate;
  }
  return target;
}

/** `512m`, `2gb`, `1.5GiB`, `1 k` or bytes as a decimal text; units are powers of 1024. Undefined when it is none. */
export function parseGoBytes(text: string): string | undefined {
  const [, amount = '', power = ''] = /^(.*?) ?(?:([kmgtp])i?b?|b)?$/i.exec(text) ?? [];
  const value = parseGoFloat(amount);
  if (value === undefined || value < 0) return undefined;
  const bytes = Math.trunc(value * 1024 ** (SIZE_POWER[power.toLowerCase()] ?? 0));
  return bytes < 2 ** 63 ? BigInt(bytes).toString() : undefined;
}

/** A scalar of the file as the text that Go's `%v` makes of it: `1.50` is `1.5`, `0x10` is `16`, null is empty. */
export function goText({ value, text }: LocatedScalar): string {
  return printedAsGo(value, text);
}
