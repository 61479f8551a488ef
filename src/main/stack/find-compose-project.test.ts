import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toConfigJson } from '../compose/canonical/to-project.ts';
import { loadProject } from '../compose/load-project.ts';
import { PEER_ENVIRONMENT } from '../compose-peer/corpus.ts';
import { findCompose, NEEDS_COMPOSE } from '../compose-peer/find-compose.ts';
import { findComposeProject } from './find-compose-project.ts';
import { readProjectFile } from './read-project-file.ts';

const run = promisify(execFile);
const compose = await findCompose();

const APP = `services:
  web: { image: "x:\${V:-none}", environment: { W: "\${W:-}", PWD: } }
  a: { image: "y", profiles: [a] }
  b: { image: "y", profiles: [b] }
`;
const FILES = {
  'app/compose.yaml': APP,
  'app/.env': 'V=app\nW=app\n',
  'app/sub/.env': 'V=sub\n',
  'app/sub/deep/note.txt': '',
  'many/compose.yml': APP,
  'many/docker-compose.yaml': 'services: {}',
  'many/docker-compose.override.yml': 'services: { web: { command: override } }',
  'named/.env': 'COMPOSE_FILE=one.yaml:two.yaml\nCOMPOSE_PROFILES=a\nV=named\n',
  'named/one.yaml': APP,
  'named/two.yaml': 'name: two\nservices: { web: { command: two } }',
  'named/first.env': 'V=first\nW=first\n',
  'named/second.env': 'V=second-$W\n',
} as const;

let root: string;
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'skilldeck-find-')));
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
});
afterAll(() => rm(root, { recursive: true, force: true }));

interface Case {
  readonly in: string;
  readonly files?: readonly string[];
  readonly projectDirectory?: string;
  readonly profiles?: readonly string[];
  readonly envFiles?: readonly string[];
  readonly projectName?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const CASES: readonly Case[] = [
  { in: 'app' },
  { in: 'app', env: { V: 'shell' } },
  { in: 'app/sub' },
  { in: 'app/sub/deep' },
  { in: 'app/sub', files: ['../compose.yaml'] },
  { in: '.', files: ['app/compose.yaml'], projectDirectory: 'app/sub' },
  { in: '.', projectDirectory: 'app/sub' },
  { in: 'many' },
  { in: 'named' },
  { in: 'named', profiles: ['b'] },
  { in: 'named', env: { COMPOSE_FILE: 'two.yaml,one.yaml', COMPOSE_PATH_SEPARATOR: ',' } },
  { in: 'named', envFiles: ['first.env', 'second.env'], files: ['one.yaml'] },
  { in: 'named', env: { COMPOSE_ENV_FILES: 'first.env,second.env' }, files: ['one.yaml'] },
  { in: 'app/sub', env: { COMPOSE_DISABLE_ENV_FILE: '1' } },
  { in: 'app', projectName: 'other' },
  { in: 'app', env: { COMPOSE_PROJECT_NAME: 'of-environment', COMPOSE_PROFILES: 'b, a' } },
];

describe.skipIf(compose === undefined)(
  'finds what docker compose finds',
  { concurrent: true, ...NEEDS_COMPOSE },
  () => {
    test.for(CASES.map((of) => [JSON.stringify(of), of] as const))('%s', async ([, of]) => {
      const directory = join(root, of.in);
      const env = { ...PEER_ENVIRONMENT, ...of.env };
      const given = [
        ...(of.files ?? []).flatMap((file) => ['-f', file]),
        ...(of.profiles ?? []).flatMap((name) => ['--profile', name]),
        ...(of.envFiles ?? []).flatMap((file) => ['--env-file', file]),
        ...(of.projectName === undefined ? [] : ['-p', of.projectName]),
        ...(of.projectDirectory === undefined
          ? []
          : ['--project-directory', join(directory, of.projectDirectory)]),
      ];
      const theirs = await run(compose ?? '', [...given, 'config', '--format', 'json'], {
        cwd: directory,
        env: { ...env, PWD: directory },
      });
      const found = await findComposeProject({
        ...of,
        directory,
        processEnv: env,
        readText: readProjectFile,
      });
      const ours = toConfigJson(await loadProject(found));
      expect(JSON.parse(ours)).toEqual(JSON.parse(theirs.stdout));
    });
  },
);

test('says which file is missing', async () => {
  const find = (options: object) =>
    findComposeProject({
      directory: join(root, 'app'),
      processEnv: {},
      readText: readProjectFile,
      ...options,
    });
  await expect(find({ files: ['no.yaml'] })).rejects.toMatchObject({
    code: 'compose.file_missing',
    params: { path: join(root, 'app', 'no.yaml') },
  });
  await expect(find({ envFiles: ['no.env'] })).rejects.toMatchObject({ code: 'compose.file_missing' });
  const readText = async (path: string) => (path.endsWith('.env') ? readFile(path, 'utf8') : undefined);
  await expect(find({ readText })).rejects.toMatchObject({ code: 'compose.file_missing' });
});
