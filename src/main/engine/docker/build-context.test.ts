import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extract } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Build } from '../../compose/project.ts';
import { hashBuildContext, packBuildContext } from './build-context.ts';

let context = '';
beforeEach(async () => {
  context = await mkdtemp(join(tmpdir(), 'skilldeck-context-'));
});
afterEach(() => rm(context, { recursive: true, force: true }));

const build = (part: Partial<Build> = {}): Build => ({
  context,
  dockerfile: 'Dockerfile',
  args: {},
  labels: {},
  ...part,
});

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(context, path, '..'), { recursive: true });
    await writeFile(join(context, path), text);
  }
}

async function listTar(wanted: Build): Promise<string[]> {
  const names: string[] = [];
  const reader = extract();
  const tar = await packBuildContext(wanted);
  tar.on('error', (error) => reader.destroy(error)).pipe(reader);
  for await (const entry of reader) {
    names.push(
      entry.header.type === 'symlink'
        ? `${entry.header.name} -> ${entry.header.linkname}`
        : entry.header.name,
    );
    entry.resume();
  }
  return names.map((name) => name.replace(/\/$/, ''));
}

describe('build context', () => {
  it('sends files in a stable order, links as links, and leaves out what .dockerignore names', async () => {
    await write({
      Dockerfile: 'FROM x',
      '.dockerignore': 'node_modules\n*.log\n!keep.log\nDockerfile\n',
      'b.ts': 'b',
      'a/c.ts': 'c',
      'a.log': '',
      'keep.log': '',
      'node_modules/x/index.js': 'x',
    });
    await symlink('b.ts', join(context, 'link'));
    expect(await listTar(build())).toEqual([
      '.dockerignore',
      'Dockerfile',
      'a',
      'a/c.ts',
      'b.ts',
      'keep.log',
      'link -> b.ts',
    ]);
  });

  it('has one hash as long as nothing that matters changes', async () => {
    await write({ Dockerfile: 'FROM x', 'a.ts': 'a', '.dockerignore': 'ignored\n' });
    const before = await hashBuildContext(build());
    await utimes(join(context, 'a.ts'), 1, 1);
    await write({ ignored: 'x' });
    expect(await hashBuildContext(build())).toBe(before);
  });

  it('has another hash for other contents, names, arguments or targets', async () => {
    await write({ Dockerfile: 'FROM x', 'a.ts': 'a' });
    const hashes = [
      await hashBuildContext(build()),
      await hashBuildContext(build({ args: { A: '1' } })),
      await hashBuildContext(build({ target: 'run' })),
    ];
    await write({ 'a.ts': 'b' });
    hashes.push(await hashBuildContext(build()));
    await write({ 'b.ts': '' });
    hashes.push(await hashBuildContext(build()));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('says which folder cannot be read', async () => {
    await expect(hashBuildContext(build({ context: join(context, 'nowhere') }))).rejects.toMatchObject({
      code: 'image.build_failed',
    });
  });
});
