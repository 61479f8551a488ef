import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BuildDefinition } from '../../compose/definition.ts';
import type { Project } from '../../compose/project.ts';
import { listContext, readDockerfile } from './build-context.ts';
import { readBuildInputs } from './build-inputs.ts';
import { buildProject } from './build-test-project.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skilldeck-inputs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const read = (build: BuildDefinition, extra: Partial<Project> = {}) => {
  const project = buildProject({ context: folder, ...build }, {}, extra);
  return readBuildInputs(project, project.services.web);
};

describe('what cannot be built', () => {
  it.each<[string, BuildDefinition]>([
    ['privileged', { privileged: true }],
    ['isolation', { isolation: 'hyperv' }],
    ['provenance', { provenance: 'mode=max' }],
    ['sbom', { sbom: 'true' }],
    ['entitlements', { entitlements: ['security.insecure'] }],
    ['entitlements', { entitlements: ['network.host'] }],
    ['cache_from', { cache_from: ['type=gha'] }],
    ['cache_to', { cache_to: ['type=local,dest=/x'] }],
    ['secrets', { secrets: [{ source: 'none' }] }],
    ['secrets', { secrets: [{ source: 'outside' }] }],
    ['ssh', { ssh: ['default'] }],
    ['dockerfile_inline', { context: 'https://x.test/a.git', dockerfile_inline: 'FROM x' }],
    ['dockerfile', { context: 'git@x.test:a.git', dockerfile: '/abs/Dockerfile' }],
    ['additional_contexts', { context: 'https://x.test/a.git', additional_contexts: { a: '.' } }],
    ['additional_contexts.Big', { additional_contexts: { Big: '.' } }],
    ['additional_contexts.a', { additional_contexts: { a: 'https://x.test/b.git' } }],
    ['additional_contexts.a', { additional_contexts: { a: 'service:none' } }],
  ])('is refused by the name of its key: %s', (key, build) => {
    const secrets = { outside: { name: 'outside', external: true } };
    expect(() => read(build, { secrets })).toThrow(
      expect.objectContaining({
        code: 'compose.unsupported',
        hint: 'Take the setting out, or build this service with docker compose.',
        params: expect.objectContaining({ place: `services.web.build.${key}`, service: 'web' }),
      }),
    );
  });

  it('is refused where the service runs on a platform that is not built', () => {
    const project = buildProject({ context: folder, platforms: ['linux/amd64'] });
    const { web } = project.services;
    const elsewhere = { ...web, definition: { ...web.definition, platform: 'linux/arm64' } };
    expect(() => readBuildInputs(project, elsewhere)).toThrow(/must include linux\/arm64/);
  });
});

describe('what a build is made of', () => {
  it('resolves folder and Dockerfile against the project, also outside of it', () => {
    const inputs = read(
      { context: '../sibling', dockerfile: '../other/Dockerfile.dev' },
      { workingDir: join(folder, 'app') },
    );
    expect(inputs.context).toEqual({ kind: 'folder', path: join(folder, 'sibling') });
    expect(inputs.dockerfile).toEqual({ kind: 'file', path: join(folder, 'other', 'Dockerfile.dev') });
  });

  it('takes arguments without a value from the variables, and leaves the others to the Dockerfile', () => {
    const inputs = read({ args: { A: 'a', B: null, C: null } }, { variables: { B: 'from .env' } });
    expect(inputs.args).toEqual({ A: 'a', B: 'from .env' });
  });

  it('says which file is missing, and what to check', async () => {
    const path = join(folder, 'Dockerfile');
    const missing = { code: 'image.build_failed', hint: expect.stringContaining('Check the path') };
    await expect(readDockerfile({ dockerfile: { kind: 'file', path } })).rejects.toMatchObject({
      ...missing,
      message: `The Dockerfile ${path} cannot be read.`,
    });
    const gone = join(folder, 'gone');
    await expect(listContext(gone, undefined).next()).rejects.toMatchObject({
      ...missing,
      message: `The build folder ${gone} cannot be read.`,
    });
    await writeFile(path, Buffer.alloc(1024 * 1024 + 1, '#'));
    await expect(readDockerfile({ dockerfile: { kind: 'file', path } })).rejects.toMatchObject({
      params: { reason: 'it is larger than 1 MiB' },
    });
  });
});

describe('.dockerignore', () => {
  const FILES = [
    'a.log',
    'keep.log',
    'src/a.ts',
    'src/a.test.ts',
    'node_modules/x/index.js',
    'node_modules/own/index.js',
  ];
  const left = async (...lines: string[]) => {
    for (const file of FILES) {
      await mkdir(join(folder, file, '..'), { recursive: true });
      await writeFile(join(folder, file), '');
    }
    const paths: string[] = [];
    for await (const { path, type } of listContext(folder, lines.join('\n')))
      if (type === 'file') paths.push(path);
    return paths.sort();
  };
  const without = (...gone: string[]) => FILES.filter((file) => !gone.includes(file)).sort();

  it.each<[string, string[], string[]]>([
    ['a wildcard means the top only', ['*.ts', '*.log'], without('a.log', 'keep.log')],
    ['two stars mean any depth', ['**/*.test.ts'], without('src/a.test.ts')],
    ['an exception brings back', ['*.log', '!keep.log'], without('a.log')],
    [
      'an exception in an ignored folder brings back',
      ['node_modules', '!node_modules/own'],
      without('node_modules/x/index.js'),
    ],
    ['the last that fits counts', ['!keep.log', '*.log'], without('a.log', 'keep.log')],
    ['everything but', ['*', '!src'], ['src/a.test.ts', 'src/a.ts']],
    [
      'comments, blank lines, slashes and dots',
      ['# a.log', '', '/src/', './a.log'],
      without('a.log', 'src/a.ts', 'src/a.test.ts'),
    ],
  ])('%s', async (_, lines, expected) => {
    expect(await left(...lines)).toEqual(expected);
  });
});
