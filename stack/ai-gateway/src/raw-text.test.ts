import { expect, test } from 'vitest';
import { toJsonText, withRawText } from './raw-text.ts';

test('an object keeps the text it was read from, a copy with other fields does not', () => {
  const text = '{"n": 1.0}';
  const chunk = withRawText(JSON.parse(text), text);
  expect(toJsonText(chunk)).toBe(text);
  expect(toJsonText({ ...chunk, more: true })).toBe('{"n":1,"more":true}');
  expect(toJsonText({ ...chunk })).toBe('{"n":1}');
  expect(JSON.stringify(chunk)).toBe('{"n":1}');
});
