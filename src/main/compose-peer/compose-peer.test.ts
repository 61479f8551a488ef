// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Compose's variables look like that.
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { parseEnvFile } from '../compose/env-file.ts';
import { loadProject } from '../compose/load-project.ts';
import type { Project } from '../compose/project.ts';
import { CASES, REFUSED } from './cases.ts';
import { composeConfig, findCompose } from './find-compose.ts';
import { fromCompose } from './from-compose.ts';

const compose = await findCompose();
if (compose === undefined)
  process.stderr.write(
    'skipped: comparison with docker compose v2 (not installed; DOCKER_COMPOSE_BIN names one)\n',
  );

let directory: string;
beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'skilldeck-compose-')));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function load(files: Readonly<Record<string, string>>, env: string): Promise<Project> {
  await writeFile(join(directory, '.env'), env);
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return loadProject({
    files: Object.entries(files).map(([name, text]) => ({ path: join(directory, name), text })),
    env: { HOME: homedir(), ...parseEnvFile(env, '.env') },
    workingDir: directory,
  });
}

/** What both describe; ours knows its files and its own extension besides. */
function comparable({
  name,
  networks,
  services,
  volumes,
}: Pick<Project, 'name' | 'networks' | 'services' | 'volumes'>) {
  const plain = Object.entries(services).map(([key, { skilldeck: _ours, ...service }]) => [
    key,
    // Order means nothing here, and Compose sorts some of them.
    { ...service, expose: [...service.expose].sort(), extraHosts: [...service.extraHosts].sort() },
  ]);
  return { name, networks, services: Object.fromEntries(plain), volumes };
}

describe.skipIf(compose === undefined)('our loader and the real docker compose config', () => {
  it('agree on the bundled stack', async () => {
    const read = (name: string) =>
      readFile(fileURLToPath(new URL(`../../../stack/${name}`, import.meta.url)), 'utf8');
    const env = `${await read('.env.example')}SKILLDECK_DATA=/srv/data\nGATEWAY_CPUS=1.5\n`;
    const ours = await load({ 'compose.yaml': await read('compose.yaml') }, env);
    const theirs = await composeConfig(compose ?? '', directory, ['compose.yaml']);
    expect(comparable(ours)).toEqual(comparable(fromCompose(theirs)));
  });

  it.each(CASES)('agree on $what', async ({ env = '', files }) => {
    const ours = await load(files, env);
    const theirs = await composeConfig(compose ?? '', directory, Object.keys(files));
    expect(comparable(ours)).toEqual(comparable(fromCompose(theirs)));
  });

  it.each(REFUSED)('both refuse $what', async ({ text }) => {
    const files = { 'compose.yaml': text };
    await expect(load(files, '')).rejects.toBeInstanceOf(AppError);
    await expect(composeConfig(compose ?? '', directory, ['compose.yaml'])).rejects.toThrow();
  });
});
