import { open, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { SKILL_FILE_NAME } from '@skilldeck/agent-skills';

/** What a model may read of a skill besides its `SKILL.md`. */
export type ResourceReading =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly reason: string };

const MAX_LISTED = 100;
const MAX_DEPTH = 3;
const MAX_BYTES = 128 * 1024;

/** Files of a skill's folder, relative to it, by name. */
export async function listResources(root: string, directory: string): Promise<readonly string[]> {
  const found: string[] = [];
  const walk = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(path.join(root, directory, folder), { withFileTypes: true }).catch(
      () => [],
    );
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (found.length >= MAX_LISTED || entry.name.startsWith('.')) continue;
      const name = path.posix.join(folder, entry.name);
      if (entry.isDirectory() && depth < MAX_DEPTH) await walk(name, depth + 1);
      else if (entry.isFile() && name !== SKILL_FILE_NAME) found.push(name);
    }
  };
  await walk('', 1);
  return found;
}

/** Reads one file inside of the skill's folder; a link that leads out of it is refused like any other way out. */
export async function readResource(root: string, directory: string, name: string): Promise<ResourceReading> {
  const refused = (reason: string): ResourceReading => ({ kind: 'refused', reason });
  try {
    const folder = await realpath(path.join(root, directory));
    const file = await realpath(path.resolve(folder, name));
    if (!file.startsWith(folder + path.sep)) return refused('The file is not inside of the skill.');
    const handle = await open(file, 'r');
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) return refused('This is not a file.');
      if (stat.size > MAX_BYTES) return refused(`The file has more than ${MAX_BYTES} bytes.`);
      const bytes = Buffer.alloc(Number(stat.size));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
      const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, bytesRead));
      return { kind: 'text', text };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return refused('There is no such file.');
    return refused(error instanceof TypeError ? 'The file is not UTF-8 text.' : 'The file cannot be read.');
  }
}
