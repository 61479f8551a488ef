import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readLastWorkspace, rememberWorkspace } from './last-workspace.ts';

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'skilldeck-last-'));
  file = join(directory, 'workspace.json');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('remembers the folder of the last time', async () => {
  expect(readLastWorkspace(file)).toBeUndefined();
  await rememberWorkspace(file, '/home/u/Ünï "w"');
  expect(readLastWorkspace(file)).toBe('/home/u/Ünï "w"');
});

test.each(['', '{', '[]', '{"directory":""}', '{"directory":7}'])('takes %j for no memory', async (text) => {
  await writeFile(file, text);
  expect(readLastWorkspace(file)).toBeUndefined();
});
