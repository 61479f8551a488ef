import { describe, expect, it } from 'vitest';
import {
  parseEnvironment,
  parseIndex,
  parseScale,
  parseSeconds,
  parseSince,
  parseTail,
  parseWords,
} from './parse-values.ts';

describe('values of options', () => {
  it.each([
    ['90s', 910_000],
    ['1h30m', 1_000_000 - 5_400_000],
    ['1.5m', 910_000],
    ['1700000000', 1_700_000_000_000],
    ['2026-01-31T12:00:00Z', Date.UTC(2026, 0, 31, 12)],
  ])('reads %s as a point in time', (text, expected) => {
    expect(parseSince(text, 1_000_000)).toBe(expected);
  });

  it.each(['', 'soon', '5', '1d'].filter((text) => text !== '5'))('refuses %j as a point in time', (text) => {
    expect(() => parseSince(text)).toThrow(/Expected a time/);
  });

  it('collects scales, and the last of a service wins', () => {
    expect(parseScale('web=0', parseScale('a=b=2', parseScale('web=3')))).toEqual({ web: 0, 'a=b': 2 });
    for (const text of ['web', 'web=', '=3', 'web=-1', 'web=101']) expect(() => parseScale(text)).toThrow();
  });

  it('takes all lines, or a number', () => {
    expect(parseTail('all')).toBe(Number.MAX_SAFE_INTEGER);
    expect(parseTail('0')).toBe(0);
    expect(() => parseTail('-1')).toThrow();
    expect(() => parseIndex('0')).toThrow();
    expect(() => parseSeconds('1.5')).toThrow();
  });

  it('splits words as a shell does, and refuses an open quote', () => {
    expect(parseWords(`sh -c 'echo "$0"' a\\ b ""`)).toEqual(['sh', '-c', 'echo "$0"', 'a b', '']);
    expect(parseWords('')).toEqual([]);
    expect(() => parseWords("sh -c 'echo")).toThrow('quote');
  });

  it('takes the value of a bare name from the shell, and leaves out what that does not have', () => {
    expect(parseEnvironment(['A=1', 'B', 'C', 'D=', 'E=x=y'], { B: 'b' })).toEqual({
      A: '1',
      B: 'b',
      D: '',
      E: 'x=y',
    });
  });
});
