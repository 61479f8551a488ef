import type { ConfigValue } from '@skilldeck/agent-skills';
import { expect, test } from 'vitest';
import { filterSettings, formatSetting } from './filter-settings.ts';

const VALUES: readonly ConfigValue[] = [
  { key: 'maxConcurrent', value: 7, source: 'environment', variable: 'MAX_CONCURRENT', needsRestart: true },
  { key: 'timeouts.idleMs', value: 30_000, source: 'file', needsRestart: false },
  { key: 'cache.policy', value: 'deterministic', source: 'default', needsRestart: false },
  { key: 'access.allowedOrigins', value: [], source: 'default', needsRestart: false },
];
const keys = (words: string, onlySet = false) => filterSettings(VALUES, words, onlySet).map(({ key }) => key);

test('shows all of them while nothing is looked for', () => {
  expect(keys('  ')).toHaveLength(VALUES.length);
});

test('finds them by name, value and variable, whatever the case, with all words', () => {
  expect([
    keys('IDLE'),
    keys('determ'),
    keys('max_conc'),
    keys('cache idle'),
    keys('timeouts 30000'),
  ]).toEqual([['timeouts.idleMs'], ['cache.policy'], ['maxConcurrent'], [], ['timeouts.idleMs']]);
});

test('leaves out what nobody has set', () => {
  expect(keys('', true)).toEqual(['maxConcurrent', 'timeouts.idleMs']);
});

test('writes values as the file does', () => {
  expect([7, 'a', true, [], undefined].map(formatSetting)).toEqual(['7', '"a"', 'true', '[]', '']);
});
