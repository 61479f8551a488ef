import type { ConfigExpectation, ConfigProblem } from '@skilldeck/agent-skills';
import { expect, test } from 'vitest';
import { inEnglish } from '../../shared/errors/phrases/phrase.ts';
import { configWords } from '../../shared/gateway/config-words.ts';
import { createI18n } from '../i18n/i18n.ts';
import { presentPhrase } from './present-error.ts';

const file = '/app/data/config/config.json';
const wrong = (expected: ConfigExpectation, found?: string): ConfigProblem => ({
  kind: 'wrong_value',
  file,
  setting: 'backends[0].weight',
  expected,
  ...(found === undefined ? {} : { found }),
});
const PROBLEMS: readonly ConfigProblem[] = [
  { kind: 'unreadable', file, code: 'EACCES' },
  { kind: 'not_json', file, line: 3, column: 4 },
  { kind: 'unknown_setting', file, setting: 'maxConcurent' },
  { kind: 'name_twice', file, name: 'gpu' },
  { ...wrong({ kind: 'type', type: 'number' }, '"many"'), file: undefined } as ConfigProblem,
  wrong({ kind: 'type', type: 'whole_number' }, '1.5'),
  wrong({ kind: 'type', type: 'text' }),
  wrong({ kind: 'type', type: 'list' }, '1'),
  wrong({ kind: 'type', type: 'object' }, '1'),
  wrong({ kind: 'type', type: 'true_or_false' }, '1'),
  wrong({ kind: 'one_of', values: ['"off"', '"all"'] }, '"some"'),
  wrong({ kind: 'at_least', limit: '0' }, '-1'),
  wrong({ kind: 'at_most', limit: '9' }, '10'),
  wrong({ kind: 'at_least', limit: '1', of: 'entries' }, '[]'),
  wrong({ kind: 'at_least', limit: '2', of: 'characters' }, '"a"'),
  wrong({ kind: 'at_most', limit: '1', of: 'entries' }, '[…]'),
  wrong({ kind: 'at_most', limit: '2', of: 'characters' }, '"abc"'),
  wrong(
    {
      kind: 'either',
      first: { kind: 'one_of', values: ['"auto"', '"max"'] },
      second: { kind: 'type', type: 'number' },
    },
    '"all"',
  ),
  wrong({ kind: 'not_empty' }, '""'),
  wrong({ kind: 'address' }, '"x"'),
  wrong({ kind: 'redis_address' }, '(…)'),
  { kind: 'more', count: 7 },
  wrong({ kind: 'bare_address' }, '"//(secret)@x"'),
  wrong({ kind: 'like', pattern: '/^a/' }, '"b"'),
];

const inChinese = (problems: readonly ConfigProblem[]): string => {
  const words = configWords(problems);
  return words === undefined ? '' : presentPhrase(createI18n('zh').getFixedT('zh', 'errors'), words);
};

test.each(PROBLEMS)('%j is wholly Chinese but for names and values', (problem) => {
  const names = `config.json backends[0].weight maxConcurent EACCES gpu apiKeySecret JSON https http rediss redis /^a/ true false`;
  const kept = names.split(' ').reduce((text, name) => text.replaceAll(name, ''), inChinese([problem]));
  expect(kept.replaceAll(/"[^"]*"/g, '')).not.toMatch(/[A-Za-z{}]/);
});

test('several are told one after the other, and none not at all', () => {
  const two = PROBLEMS.slice(1, 3);
  const words = configWords(two);
  expect(words && inEnglish(words)).toBe(
    'config.json, line 3: it is not JSON from column 4 on. config.json: "maxConcurent" is not a setting of the gateway; remove it or correct its spelling.',
  );
  expect(inChinese(two)).toBe(
    'config.json 第 3 行：从第 4 列起不是 JSON。config.json：“maxConcurent”不是网关的设置项，请删除或改正拼写。',
  );
  expect([configWords([]), configWords(undefined)]).toEqual([undefined, undefined]);
});
