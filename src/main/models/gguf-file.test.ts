import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { adoptGguf, checkGguf } from './gguf-file.ts';

let directory: string;
let models: string;
const gguf = (filling: string, length = 100) => `GGUF${filling.repeat(length)}`;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'skilldeck-gguf-'));
  models = join(directory, 'models');
  await mkdir(models);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

test('takes a file that begins as GGUF does', async () => {
  await expect(checkGguf(await file('a.gguf', gguf('x')))).resolves.toBeUndefined();
});

test.each([
  ['another format', `PK${'x'.repeat(100)}`],
  ['an empty file', ''],
  ['a file that is cut off', 'GGUF'],
])('refuses %s by name', async (_what, text) => {
  await expect(checkGguf(await file('m.gguf', text))).rejects.toMatchObject({
    code: 'model.not_gguf',
    params: { name: 'm.gguf' },
  });
});

test('refuses a folder, and a file that is not there', async () => {
  await expect(checkGguf(models)).rejects.toMatchObject({ code: 'model.not_gguf' });
  await expect(checkGguf(join(directory, 'gone.gguf'))).rejects.toMatchObject({ code: 'model.not_found' });
});

test('links the file into the workspace instead of storing it twice', async () => {
  const source = await file('qwen.gguf', gguf('x'));
  expect(await adoptGguf(source, models)).toBe('qwen.gguf');
  expect((await stat(join(models, 'qwen.gguf'))).ino).toBe((await stat(source)).ino);
});

test('chosen again, it is the same model; another one of that name gets a number', async () => {
  const source = await file('qwen.gguf', gguf('x'));
  await adoptGguf(source, models);
  expect(await adoptGguf(source, models)).toBe('qwen.gguf');
  await rm(source);
  await writeFile(source, gguf('y', 200));
  expect(await adoptGguf(source, models)).toBe('qwen-1.gguf');
  expect(await readdir(models)).toEqual(['qwen-1.gguf', 'qwen.gguf']);
  expect(await readFile(join(models, 'qwen.gguf'), 'utf8')).toBe(gguf('x'));
});

test('leaves the workspace alone when the file is no model', async () => {
  await expect(adoptGguf(await file('x.gguf', 'text'), models)).rejects.toThrow('not a GGUF');
  expect(await readdir(models)).toEqual([]);
});
