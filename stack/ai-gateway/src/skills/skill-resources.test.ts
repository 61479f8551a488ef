import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listResources, readResource } from './skill-resources.ts';

describe('files of a skill', () => {
  let root = '';

  beforeAll(async () => {
    root = await realpath(await mkdtemp(path.join(tmpdir(), 'skill-resources-')));
    await mkdir(path.join(root, 'tea', 'references'), { recursive: true });
    await writeFile(path.join(root, 'secret.txt'), 'secret');
    await writeFile(path.join(root, 'tea', 'SKILL.md'), 'body');
    await writeFile(path.join(root, 'tea', 'references', 'green.md'), '80 °C');
    await writeFile(path.join(root, 'tea', 'latin1.txt'), Buffer.from([0xe9]));
    await writeFile(path.join(root, 'tea', 'large.txt'), 'x'.repeat(200_000));
    await symlink(path.join(root, 'secret.txt'), path.join(root, 'tea', 'out.txt'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  test('are listed without the skill itself and without links', async () => {
    expect(await listResources(root, 'tea')).toEqual(['large.txt', 'latin1.txt', 'references/green.md']);
    expect(await listResources(root, 'nothing')).toEqual([]);
  });

  test('are read by their path inside of the skill', async () => {
    expect(await readResource(root, 'tea', 'references/green.md')).toEqual({ kind: 'text', text: '80 °C' });
    expect(await readResource(root, 'tea', './references/../references/green.md')).toMatchObject({
      kind: 'text',
    });
  });

  test.each([
    ['../secret.txt', /not inside/],
    ['/etc/passwd', /not inside/],
    ['out.txt', /not inside/],
    ['references', /not a file|cannot be read/],
    ['missing.md', /no such file/],
    ['latin1.txt', /not UTF-8/],
    ['large.txt', /more than/],
    ['a\0b', /cannot be read|not UTF-8/],
  ])('are refused as %j', async (name, reason) => {
    const reading = await readResource(root, 'tea', name);
    expect(reading.kind === 'refused' ? reading.reason : '').toMatch(reason);
  });

  test('never give a word from outside, whatever path is asked for', async () => {
    const part = fc.constantFrom('..', '.', 'tea', 'secret.txt', 'out.txt', 'references', '/', '', 'etc');
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
        const reading = await readResource(root, 'tea', parts.join('/'));
        expect(reading.kind === 'text' ? reading.text : '').not.toContain('secret');
      }),
      { numRuns: 300 },
    );
  });
});
