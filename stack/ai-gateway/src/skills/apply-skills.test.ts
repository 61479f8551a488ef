import type { SkillSelection } from '@skilldeck/agent-skills';
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../gateway-error.ts';
import { applySkills } from './apply-skills.ts';
import { snapshotOf } from './testing/snapshot-of.ts';

/** A word is a token. */
const tokensOf = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;
const SNAPSHOT = snapshotOf({
  coffee: 'word '.repeat(60),
  tea: 'word '.repeat(60),
  wine: 'word '.repeat(200),
});
const OPTIONS = { maxActivated: 3, catalogueTokens: 100, maxTokens: 100, tokensOf } as const;

const apply = (selection: SkillSelection, text: string, options: object = {}) =>
  applySkills(SNAPSHOT, selection, [{ role: 'user', content: text }], {
    ...OPTIONS,
    activation: 'lexical',
    ...options,
  });
const failureOf = (run: () => unknown): GatewayError | undefined => {
  try {
    run();
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  return undefined;
};

describe('the budget of the texts of skills', () => {
  test('leaves out what was matched and does not fit, the best one, too', () => {
    const both = apply('auto', 'make coffee or tea');
    expect(both.skills).toHaveLength(1);
    expect(both.leftOut).toHaveLength(1);
    const one = apply('auto', 'make wine');
    expect(one.skills).toEqual([]);
    expect(one.leftOut).toMatchObject([{ name: 'wine', tokens: 200 }]);
  });

  test.each([
    ['by name', ['coffee', 'tea'], 'hello', 'coffee, tea have 120 tokens'],
    ['by name, alone', ['wine'], 'hello', 'wine has 200 tokens'],
    ['with a slash', 'auto', '/wine please', 'wine has 200 tokens'],
    ['with a slash beside a name', ['tea'], '/coffee please', 'coffee, tea have 120 tokens'],
  ] as const)('refuses what was asked for %s and does not fit', (_how, selection, text, words) => {
    const failure = failureOf(() => apply(selection as SkillSelection, text));
    expect(failure).toMatchObject({ code: 'skills_too_large', status: 400, param: 'skills' });
    expect(failure?.message).toContain(words);
    expect(failure?.message).toContain('100');
  });

  test('takes what was asked for first and leaves out what was matched beside it', () => {
    const { leftOut, skills } = apply('auto', '/tea or coffee');
    expect(skills.map(({ name }) => name)).toEqual(['tea']);
    expect(leftOut.map(({ name }) => name)).toEqual(['coffee']);
  });
});

test('a model that cannot be told which skills there are gets those that match', () => {
  expect(apply('auto', 'make tea', { activation: 'tool' })).toMatchObject({ byTool: true, skills: [] });
  const { byTool, skills } = apply('auto', 'make tea', { activation: 'tool', catalogueTokens: 2 });
  expect(byTool).toBe(false);
  expect(skills.map(({ name }) => name)).toEqual(['tea']);
});
