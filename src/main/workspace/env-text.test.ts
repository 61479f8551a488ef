import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseEnvFile } from '../compose/env-file.ts';
import { defaultEnv } from './default-env.ts';
import { setEnvValue } from './env-text.ts';

const TEXT = [
  '# Mine.',
  'GATEWAY_PORT=8080 # the usual one',
  '',
  'NOTE="two',
  'GATEWAY_PORT=1',
  'lines"',
  'export KEY=a',
  '',
].join('\n');

test('changes one value and keeps comments, order and everything else', () => {
  expect(setEnvValue(TEXT, 'KEY', 'b')).toBe(TEXT.replace('export KEY=a', 'KEY=b'));
  expect(setEnvValue(TEXT, 'NEW', '1')).toBe(`${TEXT}NEW=1\n`);
  expect(setEnvValue('A=1', 'B', '2')).toBe('A=1\nB=2\n');
});

test('does not take a line inside of a longer value for a setting', () => {
  const changed = setEnvValue(TEXT, 'GATEWAY_PORT', '9');
  expect(changed).toBe(TEXT.replace('GATEWAY_PORT=8080 # the usual one', 'GATEWAY_PORT=9'));
});

test('replaces all lines of a value that has several', () => {
  expect(setEnvValue(TEXT, 'NOTE', 'short')).toBe(
    '# Mine.\nGATEWAY_PORT=8080 # the usual one\n\nNOTE=short\nexport KEY=a\n',
  );
});

test('changes the last of two, which is the one that counts, and keeps Windows line ends', () => {
  expect(setEnvValue('A=1\r\nA=2\r\nB=3\r\n', 'A', '4')).toBe('A=1\r\nA=4\r\nB=3\r\n');
});

const names = fc.constantFrom('A', 'B', 'LONGER_NAME', 'A_B');
/** Values a person might paste: quotes, dollars, backslashes, comments, line ends, any script. */
const values = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', ' ', '"', "'", '\\', '$', '{', '}', '#', '=', '\n', '\r', 'é') }),
  fc.string({ unit: 'grapheme' }),
);
const lines = fc.oneof(
  fc.constantFrom('', '# a comment', '  # indented', "Q='two\nlines'", 'export X=1', 'BARE\n', 'Y="1" A=2'),
  fc.tuple(names, fc.constantFrom('1', '"quoted # text"', "'$single'", 'x # note')).map(([name, value]) => {
    return `${name}=${value}`;
  }),
);

test('any value reads back as itself, and no other setting changes', () => {
  const texts = fc.array(lines, { maxLength: 8 }).map((all) => all.join('\n'));
  void fc.assert(
    fc.property(texts, names, values, (text, name, value) => {
      const before = parseEnvFile(text, '.env');
      const changed = setEnvValue(text, name, value);
      expect(parseEnvFile(changed, '.env')).toEqual({ ...before, [name]: value });
      const comments = (of: string) => of.split('\n').filter((line) => line.trim().startsWith('#'));
      expect(comments(changed)).toEqual(comments(text));
      expect(setEnvValue(changed, name, value)).toBe(changed);
    }),
    { numRuns: 1000 },
  );
});

test('the file of a new workspace reads back, wherever that lies', () => {
  const dataDirectory = "/home/o'brien/my $stuff/data";
  const { text, values: written } = defaultEnv({
    project: 'p',
    version: '1.2.3',
    dataDirectory,
    uid: 1,
    gid: 2,
    apiKey: 'sk-1',
    adminKey: 'sk-admin',
    password: 'pw',
  });
  expect(parseEnvFile(text, '.env')).toEqual(Object.fromEntries(written));
});
