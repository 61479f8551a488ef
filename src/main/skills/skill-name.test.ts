import { SKILL_NAME_PATTERN } from '@skilldeck/agent-skills';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toSkillName } from './skill-name.ts';

describe('toSkillName', () => {
  it.each([
    ['Release Notes', 'release-notes'],
    ['  SQL  reviewer! ', 'sql-reviewer'],
    ['Crème brûlée', 'cre-me-bru-le-e'],
    ['发布说明', ''],
  ])('makes "%s" into "%s"', (typed, name) => {
    expect(toSkillName(typed)).toBe(name);
  });

  it('gives a name that the specification allows, or none', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (typed) => {
        const name = toSkillName(typed);
        expect(name === '' || SKILL_NAME_PATTERN.test(name)).toBe(true);
        expect(name.length).toBeLessThanOrEqual(64);
      }),
    );
  });
});
