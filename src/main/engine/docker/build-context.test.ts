import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extract } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BuildDefinition } from '../../compose/definition.ts';
import { packContext } from './build-context.ts';
import { hashBuild } from './build-hash.ts';
import { buildProject } from './build-test-project.ts';

let context = '';
beforeEach(async () => {
  context = await mkdtemp(join(tmpdir(), 'skilldeck-context-'));
});
afterEach(() => rm(context, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(context, path, '..'), { recursive: true });
    await writeFile(join(context, path), text);
  }
}

async function readTar(ignore?: string): Promise<ReadonlyMap<string, string>> {
  const entries = new Map<string, string>();
  const reader = extract();
  const dockerfile = { name: 'Dockerfile', text: 'FROM y', ...(ignore === undefined ? {} : { ignore }) };
  packContext(context, dockerfile, '.hidden')
    .on('error', (error) => reader.destroy(error))
    .pipe(reader);
  for await (const entry of reader) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    const { name, type, linkname } = entry.header;
    entries.set(
      name.replace(/\/$/, ''),
      type === 'symlink' ? `-> ${linkname}` : Buffer.concat(chunks).toString(),
    );
  }
  return entries;
}

const hash = (definition: BuildDefinition = {}) => {
  const project = buildProject({ context, ...definition });
  return hashBuild(project, project.services.web);
};

describe('the context of the classic builder', () => {
  it('has files in a stable order, links as links, and leaves out what .dockerignore names', async () => {
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
    const entries = await readTar();
    expect([...entries.keys()]).toEqual([
      '.dockerignore',
      '.hidden',
      'a',
      'a/c.ts',
      'b.ts',
      'keep.log',
      'link',
    ]);
    expect(entries.get('link')).toBe('-> b.ts');
  });

  it('hides the instructions and the list from the image', async () => {
    await write({ '.dockerignore': 'x\n', y: '' });
    const entries = await readTar();
    expect(entries.get('.hidden')).toBe('FROM y');
    expect(entries.get('.dockerignore')?.split('\n')).toEqual(['x', '', '.hidden', '.dockerignore', '']);
  });

  it('takes the list beside the Dockerfile instead of that of the folder', async () => {
    await write({ '.dockerignore': 'a\n', a: '', b: '' });
    expect([...(await readTar('b\n')).keys()]).toEqual(['.dockerignore', '.hidden', 'a']);
  });
});

describe('hashBuild', () => {
  it('stays as long as nothing that matters changes', async () => {
    await write({ Dockerfile: 'FROM x', 'a.ts': 'a', '.dockerignore': 'ignored\n' });
    const before = await hash();
    await utimes(join(context, 'a.ts'), 1, 1);
    await write({ ignored: 'x' });
    expect(await hash()).toBe(before);
    expect(await hash({ pull: true, no_cache: true })).toBe(before);
  });

  it('is another for each input that decides what is built', async () => {
    await write({ Dockerfile: 'FROM x', 'a.ts': 'a', 'other/f': '', 'sub/Dockerfile': 'FROM z' });
    const definitions: readonly BuildDefinition[] = [
      {},
      { args: { A: '1' } },
      { target: 'run' },
      { labels: { l: '1' } },
      { tags: ['t:1'] },
      { network: 'none' },
      { platforms: ['linux/arm64'] },
      { dockerfile: 'sub/Dockerfile' },
      { dockerfile_inline: 'FROM q' },
      { additional_contexts: { extra: join(context, 'other') } },
      { additional_contexts: { extra: 'docker-image://x:1' } },
      { extra_hosts: ['a=1.2.3.4'] },
      { shm_size: '1024' },
      { ulimits: { nofile: 5 } },
    ];
    const hashes = [];
    for (const definition of definitions) hashes.push(await hash(definition));
    await write({ 'a.ts': 'b' });
    hashes.push(await hash());
    await write({ 'b.ts': '' });
    hashes.push(await hash());
    await chmod(join(context, 'b.ts'), 0o755);
    hashes.push(await hash());
    await write({ 'Dockerfile.dockerignore': 'a.ts' });
    hashes.push(await hash());
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('follows a folder of additional_contexts and the build of another service', async () => {
    await write({
      Dockerfile: 'FROM x',
      'base/Dockerfile': 'FROM x',
      'base/file': '1',
      'app/Dockerfile': 'FROM base',
    });
    const definition = { context: join(context, 'app'), additional_contexts: { base: 'service:base' } };
    const project = buildProject(definition, { base: { context: join(context, 'base') } });
    const before = await hashBuild(project, project.services.web);
    const folder = await hash({
      context: join(context, 'app'),
      additional_contexts: { b: join(context, 'base') },
    });
    await write({ 'base/file': '2' });
    expect(await hashBuild(project, project.services.web)).not.toBe(before);
    expect(
      await hash({ context: join(context, 'app'), additional_contexts: { b: join(context, 'base') } }),
    ).not.toBe(folder);
  });

  it('ends where two services are built from each other', async () => {
    await write({ Dockerfile: 'FROM x' });
    const project = buildProject(
      { context, additional_contexts: { o: 'service:other' } },
      { other: { context, additional_contexts: { w: 'service:web' } } },
    );
    expect(await hashBuild(project, project.services.web)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('says which folder or Dockerfile cannot be read', async () => {
    await write({ Dockerfile: 'FROM x' });
    for (const definition of [{ context: join(context, 'nowhere') }, { dockerfile: 'None' }])
      await expect(hash(definition)).rejects.toMatchObject({ code: 'image.build_failed' });
  });
});
