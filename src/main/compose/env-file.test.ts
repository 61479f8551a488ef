// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables look like that.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { locateEnv, parseEnvFile } from './env-file.ts';

/** Texts that come close to being a `.env` file. */
const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom('A', 'B_1', 'export ', '=', ': ', '"', "'", '\\', '$', '${', '}', ':-', '#', ' ', '\t'),
      fc.constantFrom('\n', '\r\n', '\r', '\uFEFF', 'toString', '__proto__', 'A=', 'B="', "C='", '\u2028'),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''));

test('reads any text or says in which line it is broken', () => {
  void fc.assert(
    fc.property(texts, (text) => {
      try {
        const values = parseEnvFile(text, '.env');
        for (const value of Object.values(values)) expect(value).toBeTypeOf('string');
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
        const { code, params } = error as AppError;
        expect(code).toBe('env.invalid');
        expect(params.line).toBeGreaterThanOrEqual(1);
        expect(params.line).toBeLessThanOrEqual(text.split(/\r?\n/).length);
      }
    }),
    { numRuns: 3000 },
  );
});

test('knows the place of every value that it reads', () => {
  void fc.assert(
    fc.property(texts, (text) => {
      const values = readable(text);
      if (values === undefined) return;
      const names = new Set(locateEnv(text).map((place) => place.name));
      // A name alone has no value here, and none comes from outside.
      for (const name of Object.keys(values)) expect(names).toContain(name);
      let last = 0;
      for (const { end, name, start } of locateEnv(text)) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(text.slice(start, end)).toContain(name);
        last = end;
      }
    }),
    { numRuns: 2000 },
  );
});

test('what is in single quotes is taken as it is', () => {
  const raw = fc.string({ unit: fc.constantFrom('a', '$', '{', '#', '"', ' ', '\n', '=', 'é') });
  void fc.assert(
    fc.property(raw, (value) => {
      expect(parseEnvFile(`A='${value}' # note\nB=1`, '.env')).toEqual({ A: value, B: '1' });
    }),
  );
});

test('a later line may refer to an earlier one, and to what comes from outside', () => {
  const text = 'A=$OUTER/a\nB=${A}/b\nC=${NOT_SET:-none}\nD=\\$A\nE="\\${A}"\nOUTER\n';
  expect(parseEnvFile(text, '.env', { OUTER: 'o' })).toEqual({
    A: 'o/a',
    B: 'o/a/b',
    C: 'none',
    D: '\\o/a',
    E: '${A}',
    OUTER: 'o',
  });
});

test('names of JavaScript’s own are names like any other', () => {
  expect(parseEnvFile('A=x$toString\nconstructor=1\nB=$constructor\nvalueOf\n', '.env')).toEqual({
    A: 'x',
    constructor: '1',
    B: '1',
  });
});

test('outside wins over the file while it is read, or the file does; earlier files come last', () => {
  const text = 'A=own\nB=$A\nC=$OLD\nA\n';
  const before = { A: 'old', OLD: 'old' };
  expect(parseEnvFile(text, '.env', { A: 'out' }, { before })).toEqual({ A: 'out', B: 'out', C: 'old' });
  expect(parseEnvFile(text, '.env', {}, { before })).toEqual({ A: 'own', B: 'own', C: 'old' });
  const fileWins = parseEnvFile('A=own\nB=$A', '.env', { A: 'out' }, { fileWins: true });
  expect(fileWins).toEqual({ A: 'own', B: 'own' });
});

test('a quote that is never closed is found at once, however long the file', { timeout: 2000 }, () => {
  const fault = () => parseEnvFile(`A=1\nB="${'\n'.repeat(200_000)}`, '.env');
  expect(fault).toThrowError(expect.objectContaining({ params: expect.objectContaining({ line: 2 }) }));
});

test('refuses a file without end', () => {
  expect(() => parseEnvFile('A'.repeat(300_000), '.env')).toThrow('longer than');
});

function readable(text: string): Record<string, string> | undefined {
  try {
    return parseEnvFile(text, '.env');
  } catch {
    return undefined;
  }
}
