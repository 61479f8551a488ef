import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type SkillResource, SkillResources } from './skill-resources.ts';

describe('files of a skill', () => {
  let root = '';
  let files: readonly SkillResource[] = [];
  let resources: SkillResources;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(path.join(tmpdir(), 'skill-resources-')));
    await mkdir(path.join(root, 'tea', 'references'), { recursive: true });
    await writeFile(path.join(root, 'secret.txt'), 'secret');
    await writeFile(path.join(root, 'tea', 'SKILL.md'), 'body');
    await writeFile(path.join(root, 'tea', 'references', 'green.md'), '80 °C');
    await writeFile(path.join(root, 'tea', 'latin1.txt'), Buffer.from([0xe9]));
    await writeFile(path.join(root, 'tea', 'large.txt'), 'x'.repeat(200_000));
    await symlink(path.join(root, 'secret.txt'), path.join(root, 'tea', 'out.txt'));
    resources = new SkillResources();
    files = await resources.scan(root, 'tea', []);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const read = (name: string, by = resources) => by.read(root, 'tea', files, name);
  const write = (name: string, text: string) => writeFile(path.join(root, 'tea', name), text);

  test('are listed without the skill itself and without links', async () => {
    expect(files.map((one) => one.path)).toEqual(['large.txt', 'latin1.txt', 'references/green.md']);
    expect(await resources.scan(root, 'nothing', [])).toEqual([]);
  });

  test('are read by their path inside of the skill', async () => {
    expect(await read('references/green.md')).toEqual({ kind: 'text', text: '80 °C' });
    expect(await read('./references/../references/green.md')).toMatchObject({ kind: 'text' });
  });

  test.each([
    ['../secret.txt', /no such file/],
    ['/etc/passwd', /no such file/],
    ['out.txt', /no such file/],
    ['references', /no such file/],
    ['missing.md', /no such file/],
    ['SKILL.md', /no such file/],
    ['latin1.txt', /not UTF-8/],
    ['large.txt', /more than/],
    ['a\0b', /no such file/],
  ])('are refused as %j', async (name, reason) => {
    const reading = await read(name);
    expect(reading.kind === 'refused' ? reading.reason : '').toMatch(reason);
  });

  test('never give a word from outside, whatever path is asked for', async () => {
    const part = fc.constantFrom('..', '.', 'tea', 'secret.txt', 'out.txt', 'references', '/', '', 'etc');
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
        const reading = await read(parts.join('/'));
        expect(reading.kind === 'text' ? reading.text : '').not.toContain('secret');
      }),
      { numRuns: 300 },
    );
  });

  test('are nothing where the folder of the skill is a link that leads out', async () => {
    const outside = await mkdtemp(path.join(tmpdir(), 'skill-outside-'));
    await writeFile(path.join(outside, 'note.md'), 'secret');
    await symlink(outside, path.join(root, 'far'));
    expect(await resources.scan(root, 'far', [])).toEqual([]);
    await rm(outside, { recursive: true });
  });

  test('stay what they were when they were loaded, after an edit and when they are gone', async () => {
    await write('references/green.md', '70 °C');
    expect(await read('references/green.md')).toEqual({ kind: 'text', text: '80 °C' });
    await rm(path.join(root, 'tea', 'references'), { recursive: true });
    expect(await read('references/green.md')).toEqual({ kind: 'text', text: '80 °C' });
  });

  test('are told to have changed where what they were is not kept', async () => {
    const forgetful = new SkillResources();
    expect(await read('references/green.md', forgetful)).toEqual({ kind: 'text', text: '80 °C' });
    const later = new SkillResources();
    await write('references/green.md', '70 °C');
    expect(await read('references/green.md', later)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('has changed since'),
    });
    // One that could not be given has become one that could.
    await write('latin1.txt', 'é');
    expect(await read('latin1.txt')).toMatchObject({ kind: 'refused' });
  });

  test('are not read from a link that has taken their place', async () => {
    const later = new SkillResources();
    await rm(path.join(root, 'tea', 'references', 'green.md'));
    await writeFile(path.join(root, 'same.txt'), '80 °C');
    await symlink(path.join(root, 'same.txt'), path.join(root, 'tea', 'references', 'green.md'));
    expect(await read('references/green.md', later)).toMatchObject({ kind: 'refused' });
  });

  test('are not read again while nobody touches them', async () => {
    const again = await resources.scan(root, 'tea', files);
    expect(again).toEqual(files);
    expect(again[2]).toBe(files[2]);
    await write('references/green.md', '70 °C');
    const edited = await resources.scan(root, 'tea', files);
    expect(edited[2]?.sha256).not.toBe(files[2]?.sha256);
    expect(edited[1]).toBe(files[1]);
  });
});
