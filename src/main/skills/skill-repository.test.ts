import { mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isSkillId, SkillRepository } from './skill-repository.ts';

let directory: string;
let root: string;
let repository: SkillRepository;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'skilldeck-skills-'));
  root = path.join(directory, 'skills');
  repository = new SkillRepository(root, path.join(directory, 'trash'));
});
afterEach(() => rm(directory, { recursive: true }));

async function put(id: string, content: string | Uint8Array): Promise<string> {
  const file = path.join(root, id, 'SKILL.md');
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

describe('SkillRepository', () => {
  it('lists nothing where there is no folder yet', async () => {
    expect(await repository.list()).toEqual([]);
  });

  it('gives back what it wrote, under the version that it said', async () => {
    const version = await repository.write('tone', '---\nname: tone\n---\n语气\n');
    expect(await repository.read('tone')).toMatchObject({ text: '---\nname: tone\n---\n语气\n', version });
    expect(await readdir(path.join(root, 'tone'))).toEqual(['SKILL.md']);
  });

  it('lists a file that is not UTF-8 or far too large instead of failing', async () => {
    await put('latin', new Uint8Array([0x2d, 0xe9, 0xff]));
    await truncate(await put('huge', 'x'), 50 * 1024 * 1024);
    await put('good', 'fine');
    expect(await repository.list()).toMatchObject([
      { id: 'good', kind: 'text' },
      { id: 'huge', kind: 'unreadable', reason: 'too_large' },
      { id: 'latin', kind: 'unreadable', reason: 'not_utf8' },
    ]);
    await expect(repository.read('huge')).rejects.toMatchObject({ code: 'skill.too_large' });
    await expect(repository.read('latin')).rejects.toMatchObject({ code: 'skill.not_utf8' });
  });

  it('follows no link out of its root', async () => {
    const secret = path.join(directory, 'secret');
    await mkdir(secret);
    await writeFile(path.join(secret, 'SKILL.md'), 'private');
    await mkdir(root, { recursive: true });
    await symlink(secret, path.join(root, 'leak'));
    await expect(repository.read('leak')).rejects.toMatchObject({ code: 'skill.not_found' });
    await expect(repository.write('leak', 'x')).rejects.toMatchObject({ code: 'skill.not_found' });
    expect(await readFile(path.join(secret, 'SKILL.md'), 'utf8')).toBe('private');
  });

  it('moves a removed skill to the trash with everything in it', async () => {
    await put('old', 'text');
    await writeFile(path.join(root, 'old', 'notes.md'), 'kept');
    await repository.remove('old');
    expect(await readdir(root)).toEqual([]);
    const [kept = ''] = await readdir(path.join(directory, 'trash'));
    expect(await readFile(path.join(directory, 'trash', kept, 'notes.md'), 'utf8')).toBe('kept');
  });

  it('says that there is nothing to remove', async () => {
    await expect(repository.remove('ghost')).rejects.toMatchObject({ code: 'skill.not_found' });
  });
});

describe('isSkillId', () => {
  it('never accepts a name that a path could be built from', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (name) => {
        if (!isSkillId(name)) return;
        expect(path.posix.join('/root', name)).toBe(`/root/${name}`);
        expect(path.win32.dirname(path.win32.join('C:\\root', name))).toBe('C:\\root');
      }),
    );
  });
});
