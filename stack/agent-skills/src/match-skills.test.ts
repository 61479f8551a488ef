import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchSkills, tokeniseText } from './index.ts';

const SKILLS = [
  {
    name: 'commit-message',
    description: 'Writes git commit messages. Use when someone asks for a commit message.',
  },
  {
    name: 'meeting-notes',
    description: 'Turns a transcript of a meeting into short minutes with decisions and tasks.',
  },
  { name: 'weekly-report', description: '撰写每周工作周报。当用户需要总结本周工作、写周报时使用。' },
];

const namesFor = (query: string): string[] => matchSkills(query, SKILLS).map(({ name }) => name);

describe('matchSkills', () => {
  test.each([
    ['Write a commit message for this change, please', ['commit-message']],
    ['Please use meeting-notes here', ['meeting-notes']],
    ['Which decisions and tasks are in this transcript?', ['meeting-notes']],
    ['帮我写一份周报，总结本周工作', ['weekly-report']],
    ['What is the weather like today?', []],
    ['今天天气怎么样', []],
    ['', []],
  ])('chooses for %j', (query, expected) => {
    expect(namesFor(query)).toEqual(expected);
  });

  test('treats forms of one word as the same term', () => {
    expect(tokeniseText('commits committed committing')).toEqual(['commit', 'commit', 'commit']);
    expect(tokeniseText('reviews review reviewing')).toEqual(['review', 'review', 'review']);
  });

  test('does not depend on the order of the skills', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (noise) => {
        const query = `commit meeting 周报 transcript ${noise}`;
        expect(matchSkills(query, [...SKILLS].reverse())).toEqual(matchSkills(query, SKILLS));
      }),
    );
  });
});
