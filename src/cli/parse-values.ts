import { InvalidArgumentError } from 'commander';
import { splitShellWords } from '../main/compose/shell-words.ts';

/** `--scale web=3`, several times. */
export function parseScale(
  text: string,
  before: Readonly<Record<string, number>> = {},
): Record<string, number> {
  const match = /^(.+)=(\d{1,3})$/.exec(text);
  if (match?.[1] === undefined || Number(match[2]) > 100)
    throw new InvalidArgumentError('Expected SERVICE=NUMBER, with a number from 0 to 100.');
  return { ...before, [match[1]]: Number(match[2]) };
}

/** Several of one option, in order. */
export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

export function parseSeconds(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('Expected a number of seconds.');
  return Number(text);
}

export function parseIndex(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError('Expected a number from 1.');
  return Number(text);
}

/** `all`, or a number of lines. */
export function parseTail(text: string): number {
  if (text === 'all') return Number.MAX_SAFE_INTEGER;
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected a number of lines, or "all".');
  return Number(text);
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** A time (`2026-01-31T12:00:00Z`, Unix seconds) or how long ago (`90s`, `1h30m`), as epoch milliseconds. */
export function parseSince(text: string, now: number = Date.now()): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (/^(\d+(\.\d+)?[smh])+$/.test(text)) {
    const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smh])/g)];
    return now - parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0);
  }
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new InvalidArgumentError(
      'Expected a time such as 2026-01-31T12:00:00Z, or how long ago: 90s, 1h30m.',
    );
  return time;
}

/** One text of several words, quoted as in a shell and as Compose reads it. */
export function parseWords(text: string): readonly string[] {
  const words = splitShellWords(text);
  if (words === undefined) throw new InvalidArgumentError(`A quote is left open in: ${text}`);
  return words;
}

/** `NAME=value`, or `NAME` with the value that the shell has for it. */
export function parseEnvironment(
  texts: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const entries = texts.flatMap((text): [string, string][] => {
    const at = text.indexOf('=');
    if (at > 0) return [[text.slice(0, at), text.slice(at + 1)]];
    const value = env[text];
    return value === undefined ? [] : [[text, value]];
  });
  return Object.fromEntries(entries);
}
