import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderSource } from './folder-source.ts';
import { readForm, writeForm } from './service-forms.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'skilldeck-form-'));
  await put('compose.yaml', 'services:\n  web:\n    image: web:1 # mine\n  db: { image: "db:1" }\n');
  await put('compose.override.yaml', 'services:\n  web:\n    restart: always\n');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const put = async (name: string, text: string) => {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, name), text);
};
const source = () => folderSource({ directory, processEnv: {}, stateDirectory: join(directory, 'state') });

test('shows the last file that defines the service, else the first', async () => {
  const of = async (service: string) => (await readForm(source(), undefined, service)).file;
  expect([await of('web'), await of('db'), await of('new')]).toEqual([
    'compose.override.yaml',
    'compose.yaml',
    'compose.yaml',
  ]);
  expect(await readForm(source(), undefined, 'db')).toMatchObject({ image: 'db:1', ports: [] });
});

test('writes the change and nothing else', async () => {
  const { version } = await readForm(source(), undefined, 'db');
  const written = await writeForm(source(), undefined, {
    service: 'db',
    version,
    changes: [{ field: 'image', value: 'db:2' }],
  });
  expect(await readFile(join(directory, 'compose.yaml'), 'utf8')).toBe(
    'services:\n  web:\n    image: web:1 # mine\n  db: { image: "db:2" }\n',
  );
  expect((await readForm(source(), undefined, 'db')).version).toBe(written.version);
});

test('refuses a form of a file that has changed since, and writes nothing', async () => {
  const { version } = await readForm(source(), undefined, 'db');
  await put('compose.yaml', 'services: { db: { image: other } }\n');
  const edit = { service: 'db', version, changes: [{ field: 'image', value: 'db:2' }] } as const;
  await expect(writeForm(source(), undefined, edit)).rejects.toMatchObject({ code: 'file.changed' });
  expect(await readFile(join(directory, 'compose.yaml'), 'utf8')).toBe(
    'services: { db: { image: other } }\n',
  );
});

test('makes the file that a workspace does not have yet', async () => {
  const file = join(directory, 'mine', 'compose.override.yaml');
  await mkdir(join(directory, 'mine'));
  const own = { ...source(), directory: join(directory, 'mine'), formFile: async () => file };
  const { version } = await readForm(own, undefined, 'web');
  await writeForm(own, undefined, { service: 'web', version, changes: [{ field: 'replicas', value: 2 }] });
  expect(await readForm(own, undefined, 'web')).toMatchObject({ file: 'compose.override.yaml', replicas: 2 });
});
