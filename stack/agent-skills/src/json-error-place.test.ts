import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonErrorPlace } from './json-error-place.ts';

test.each([
  ['a bare word where a key belongs', '{\n  "a": 50,\n  oops\n}\n', 3, 3],
  ['a comma too many', '{\n  "a": [,]\n}', 2, 9],
  ['a comma after the last entry', '{\n  "a": 1,\n}', 3, 1],
  ['a comma too few', '{\n  "a": 1\n  "b": 2\n}', 3, 3],
  ['a bracket that closes another', '[1, 2}', 1, 6],
  ['a text that is never closed', '{ "a": "b\n}', 1, 8],
  ['a file that ends too soon', '{\n  "a": [\n', 2, 9],
  ['an empty file', '', 1, 1],
  ['something after the end', '{} {}', 1, 4],
])('finds %s', (_what, text, line, column) => {
  expect(jsonErrorPlace(text)).toEqual({ line, column });
});

test('takes no part of good JSON for a mistake', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom('!', '}', ','), (json, tail) => {
      // Only the character that was put behind it is wrong.
      expect(jsonErrorPlace(json + tail).column).toBe(json.length + 1);
    }),
  );
});
