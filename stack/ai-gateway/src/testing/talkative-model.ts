import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const GENERATE = fileURLToPath(new URL('../../../../scripts/demo-model/generate.ts', import.meta.url));
const WORDS = 1200;

/** A model that has a lot to say: streams that are still under way when something happens to them. */
export async function makeTalkativeModel(): Promise<{ readonly file: string; remove(): Promise<void> }> {
  const directory = await mkdtemp(path.join(tmpdir(), 'talkative-model-'));
  const file = path.join(directory, 'talkative.gguf');
  const sentence = Array.from({ length: WORDS }, (_, index) => `word${index}`).join(' ');
  await promisify(execFile)(process.execPath, [GENERATE, file, sentence]);
  return { file, remove: () => rm(directory, { recursive: true, force: true }) };
}
