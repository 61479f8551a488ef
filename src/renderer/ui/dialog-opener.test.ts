// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { rememberOpener, returnToOpener } from './dialog-opener.ts';

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = `
    <button id="more" aria-haspopup="menu" aria-expanded="true">More</button>
    <div role="menu"><button id="item">Edit</button></div>
    <button id="other">Other</button>
    <div role="dialog"><button id="inside">Cancel</button></div>`;
});
afterEach(() => vi.useRealTimers());

const focus = (id: string) => document.getElementById(id)?.focus();
const closed = () => {
  returnToOpener();
  vi.runAllTimers();
  return document.activeElement?.id;
};

test('gives the focus back to the button of the menu, whose item is gone', () => {
  focus('item');
  rememberOpener();
  focus('inside');
  expect(closed()).toBe('more');
});

test('goes back as far as the first of several dialogs', () => {
  focus('other');
  rememberOpener();
  focus('inside');
  rememberOpener();
  expect(closed()).toBe('other');
});

test('leaves the focus where a person has put it meanwhile', () => {
  focus('item');
  rememberOpener();
  focus('other');
  expect(closed()).toBe('other');
});
