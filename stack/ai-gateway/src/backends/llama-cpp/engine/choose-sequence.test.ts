import { expect, it } from 'vitest';
import { chooseSequence } from './choose-sequence.ts';

it('chooses the one that goes on with its own conversation', () => {
  const other = { common: 20, held: 900, age: 1 };
  expect(chooseSequence([other, { common: 500, held: 510, age: 7 }, other])).toBe(1);
});

it('leaves a conversation alone for the sake of a few common tokens', () => {
  expect(
    chooseSequence([
      { common: 4, held: 2000, age: 0 },
      { common: 0, held: 0, age: 9 },
    ]),
  ).toBe(1);
});

it('takes over a long common beginning when little is lost', () => {
  expect(
    chooseSequence([
      { common: 0, held: 0, age: 9 },
      { common: 1000, held: 1200, age: 0 },
    ]),
  ).toBe(1);
});

it('gives up what nobody has come back for', () => {
  const busy = { common: 5, held: 300, age: 1 };
  expect(chooseSequence([{ common: 5, held: 8000, age: 500 }, busy])).toBe(0);
});

it('takes the first of equals, and none of none', () => {
  const same = { common: 0, held: 0, age: 0 };
  expect(chooseSequence([same, same])).toBe(0);
  expect(chooseSequence([])).toBe(-1);
});
