import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SkillResources } from './skill-resources.ts';
import { SkillTools } from './skill-tools.ts';
import { snapshotOf } from './testing/snapshot-of.ts';

/** A word is a token. */
const tokensOf = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;

describe('what a model takes by tool calls', () => {
  let root = '';
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'skill-tools-'));
    await mkdir(path.join(root, 'tea', 'references'), { recursive: true });
    await writeFile(path.join(root, 'tea', 'references', 'long.md'), 'word '.repeat(90));
    await writeFile(path.join(root, 'tea', 'references', 'short.md'), 'word '.repeat(20));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  const open = async (tokens = 100, active: readonly string[] = []) => {
    const activated: string[] = [];
    const resources = new SkillResources();
    const tea = await resources.scan(root, 'tea', []);
    const tools = new SkillTools({
      snapshot: snapshotOf({ coffee: 'word '.repeat(60), tea: 'word '.repeat(40) }, { tea }),
      root,
      resources,
      active,
      budget: { tokens, tokensOf },
      onActivated: (name) => activated.push(name),
    });
    const activate = (name: string) => tools.run('activate_skill', JSON.stringify({ name }));
    const read = (file: string) => tools.run('read_skill_file', JSON.stringify({ skill: 'tea', path: file }));
    return { activate, activated, read };
  };

  test('is given as long as there is room', async () => {
    const { activate, activated, read } = await open();
    expect(await activate('tea')).toContain('<skill_content name="tea">');
    expect(await read('references/short.md')).toContain('word');
    expect(activated).toEqual(['tea']);
  });

  test('is refused beyond that, with the number of what is left, and is not counted as taken', async () => {
    const { activate, activated, read } = await open();
    await activate('tea');
    expect(await activate('coffee')).toMatch(/^Error: .*\d+ tokens.*\d+ are left/);
    expect(await read('references/long.md')).toMatch(/^Error: .*90 tokens.* 5\d are left/);
    expect(activated).toEqual(['tea']);
    expect(await read('references/short.md')).toContain('word');
  });

  test('is not given again when the request has it already', async () => {
    const { activate, activated } = await open(100, ['tea']);
    expect(await activate('tea')).toContain('active already');
    expect(activated).toEqual([]);
  });

  test('is counted once when it is asked for again', async () => {
    const { activate, read } = await open();
    await activate('tea');
    expect(await activate('tea')).toContain('active already');
    expect(await read('references/short.md')).toContain('word');
  });
});
