import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../shared/errors/error-codes.ts';
import { en, zh } from './resources.ts';

function flatten(value: object, prefix = ''): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [key, child] of Object.entries(value)) {
    if (typeof child === 'string') texts.set(prefix + key, child);
    else for (const [path, text] of flatten(child, `${prefix}${key} › `)) texts.set(path, text);
  }
  return texts;
}

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

test('has the same keys in both languages', () => {
  expect([...flatten(zh).keys()].sort()).toEqual([...flatten(en).keys()].sort());
});

test('leaves no text empty and none with other placeholders than its English one', () => {
  const chinese = flatten(zh);
  for (const [path, text] of flatten(en)) {
    const other = chinese.get(path) ?? '';
    expect(other, path).not.toBe('');
    expect(placeholders(other), path).toEqual(placeholders(text));
  }
});

test('has a title and a hint for every error code', () => {
  expect(Object.keys(en.errors).sort()).toEqual([...ERROR_CODES].sort());
});
