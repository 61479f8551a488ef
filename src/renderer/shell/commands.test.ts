import { expect, test, vi } from 'vitest';
import { registerCommands, runCommand } from './commands.ts';
import { commandOfKey } from './key-commands.ts';

const PAGES = ['stack', 'skills', 'chat'];
const press = (key: string, more = {}) => ({
  key,
  ctrlKey: true,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

test('runs a command until it is taken back', () => {
  const run = vi.fn();
  const remove = registerCommands([{ id: 'a.b', title: 'A', group: 'app', run }]);
  expect([runCommand('a.b'), run.mock.calls.length]).toEqual([true, 1]);
  remove();
  expect([runCommand('a.b'), run.mock.calls.length]).toEqual([false, 1]);
});

test('does not run a disabled command', () => {
  const run = vi.fn();
  const remove = registerCommands([{ id: 'a.b', title: 'A', group: 'app', disabled: true, run }]);
  expect([runCommand('a.b'), run.mock.calls.length]).toEqual([false, 0]);
  remove();
});

test('lets a page that came later keep the id it took over', () => {
  const [first, second] = [vi.fn(), vi.fn()];
  const removeFirst = registerCommands([{ id: 'file.save', title: 'Save', group: 'app', run: first }]);
  const removeSecond = registerCommands([{ id: 'file.save', title: 'Save', group: 'app', run: second }]);
  removeFirst();
  runCommand('file.save');
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1]);
  removeSecond();
});

test('knows the shell’s own keys and no others', () => {
  expect([
    commandOfKey(press('k'), PAGES),
    commandOfKey(press('K', { ctrlKey: false, metaKey: true }), PAGES),
    commandOfKey(press('2'), PAGES),
    commandOfKey(press('4'), PAGES),
    commandOfKey(press('k', { shiftKey: true }), PAGES),
    commandOfKey(press('k', { ctrlKey: false }), PAGES),
  ]).toEqual(['palette.open', 'palette.open', 'go.skills', undefined, undefined, undefined]);
});
