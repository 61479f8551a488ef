import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatSkillTemplate, parseSkill, SKILL_NAME_PATTERN } from './index.ts';

const codesOf = (text: string, options = {}): string[] =>
  parseSkill(text, options).diagnostics.map(({ severity, code, line }) => `${severity} ${code} ${line}`);

describe('parseSkill', () => {
  test('reads a whole skill and knows on which line its body starts', () => {
    const text =
      '---\nname: tea\ndescription: About tea. Use it for tea.\nmetadata:\n  version: "1"\n---\n\n# Tea\nHot.\n';
    expect(parseSkill(text, { directoryName: 'tea' })).toEqual({
      kind: 'ok',
      skill: {
        name: 'tea',
        description: 'About tea. Use it for tea.',
        metadata: { version: '1' },
        extraKeys: [],
        body: '# Tea\nHot.',
        bodyLine: 8,
      },
      diagnostics: [],
    });
  });

  test('takes a byte order mark and CRLF line ends', () => {
    const parsed = parseSkill('\ufeff---\r\nname: tea\r\ndescription: About tea.\r\n---\r\nHot.\r\nSweet.');
    expect(parsed).toMatchObject({ kind: 'ok', skill: { name: 'tea', body: 'Hot.\nSweet.' } });
  });

  test('does not end the front matter at three hyphens inside a value', () => {
    const parsed = parseSkill('---\nname: tea\ndescription: one --- two\n---\nHot.');
    expect(parsed).toMatchObject({ kind: 'ok', skill: { description: 'one --- two', body: 'Hot.' } });
  });

  test.each([
    ['no front matter', '# Tea', ['error skill.front_matter_missing 1']],
    ['unclosed front matter', '---\nname: tea', ['error skill.front_matter_unclosed 1']],
    ['broken YAML', '---\nname: tea\ndescription: Use when: tea\n---\nHot.', ['error skill.yaml_invalid 3']],
    ['a list', '---\n- a\n---\nHot.', ['error skill.yaml_not_a_map 2']],
    ['a bad name', '---\nname: My Tea\ndescription: d\n---\nHot.', ['error skill.name_invalid 2']],
    ['a number as name', '---\ndescription: d\nname: 7\n---\nHot.', ['error skill.field_not_text 3']],
    ['no name', '---\ndescription: d\n---\nHot.', ['error skill.name_missing 1']],
    [
      'an empty description',
      '---\nname: tea\ndescription: ""\n---\nHot.',
      ['error skill.description_missing 3'],
    ],
    ['an empty body', '---\nname: tea\ndescription: d\n---\n', ['warning skill.body_empty 5']],
  ])('says what is wrong with %s, and on which line', (_case, text, expected) => {
    expect(codesOf(text)).toEqual(expected);
  });

  test('refuses a name that differs from the folder', () => {
    const text = '---\nname: tea\ndescription: d\n---\nHot.';
    expect(codesOf(text, { directoryName: 'coffee' })).toEqual(['error skill.name_not_directory 2']);
  });

  test('notes an unknown key when loading and refuses it when checking strictly', () => {
    const text = '---\nname: tea\ndescription: d\ncolour: green\n---\nHot.';
    expect(codesOf(text)).toEqual(['note skill.unknown_key 4']);
    expect(codesOf(text, { profile: 'strict' })).toEqual(['error skill.unknown_key 4']);
  });

  test('never throws, and every position lies in the file', () => {
    const line = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '---',
        'name: tea',
        'description: x',
        'a: *b',
        '- x',
        '\ufeff',
        '{',
        '"',
        ' a: &a [*a]',
        '? x',
        '\r',
      ),
    );
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 12 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (lines, end, closed) => {
          const text = closed ? ['---', ...lines, '---', 'x'].join(end) : lines.join(end);
          const count = text.replace(/\r\n?/g, '\n').split('\n').length;
          const parsed = parseSkill(text, { profile: 'strict', directoryName: 'tea' });
          for (const diagnostic of parsed.diagnostics) {
            expect(diagnostic.line).toBeGreaterThanOrEqual(1);
            expect(diagnostic.line).toBeLessThanOrEqual(count);
            expect(diagnostic.column).toBeGreaterThanOrEqual(1);
          }
          if (parsed.kind === 'invalid')
            expect(parsed.diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('reads back every template it writes', () => {
    const name = fc
      .stringMatching(/^[a-z0-9]{1,8}(?:-[a-z0-9]{1,8}){0,3}$/)
      .filter((value) => /[a-z]/.test(value));
    const description = fc.string({ minLength: 1, maxLength: 200 }).filter((value) => value.trim() !== '');
    fc.assert(
      fc.property(name, description, (skillName, text) => {
        expect(SKILL_NAME_PATTERN.test(skillName)).toBe(true);
        const parsed = parseSkill(formatSkillTemplate({ name: skillName, description: text }), {
          directoryName: skillName,
        });
        expect(parsed).toMatchObject({ kind: 'ok', skill: { name: skillName, description: text.trim() } });
      }),
    );
  });
});
