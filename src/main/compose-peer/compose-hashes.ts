import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CorpusCase, composeArguments } from './corpus.ts';
import { runCompose } from './find-compose.ts';

/**
 * For tests only: the hashes that Compose gives, by service.
 *
 * `config --hash` hashes the names of `env_file` instead of what is in them, unlike `up`: where there are such files,
 * what `config` printed is hashed, in which they are read.
 */
export async function composeHashes(
  compose: string,
  of: CorpusCase,
): Promise<Readonly<Record<string, string>>> {
  const folder = await mkdtemp(join(tmpdir(), 'skilldeck-hashes-'));
  try {
    const args = (await hasEnvFiles(of)) ? await printed(compose, of, folder) : composeArguments(of);
    const lines = await runCompose(compose, of.directory, [...args, 'config', '--hash', '*']);
    return Object.fromEntries(
      lines
        .trim()
        .split('\n')
        .map((line) => line.split(' ')),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function printed(compose: string, of: CorpusCase, folder: string): Promise<readonly string[]> {
  const file = join(folder, 'printed.yaml');
  await writeFile(file, await runCompose(compose, of.directory, [...composeArguments(of), 'config']));
  return ['--project-directory', of.directory, '-f', file];
}

async function hasEnvFiles(of: CorpusCase): Promise<boolean> {
  if (/extends|include/.test(of.name)) return true;
  const texts = await Promise.all(of.files.map((file) => readFile(join(of.directory, file), 'utf8')));
  return texts.some((text) => text.includes('env_file'));
}
