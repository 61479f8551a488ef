import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { type FileHandle, lstat, open, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { SKILL_FILE_NAME } from '@skilldeck/agent-skills';
import { LRUCache } from 'lru-cache';

/** A file that a skill has besides its `SKILL.md`, as it was when its generation was loaded. */
export interface SkillResource {
  /** Relative to the folder of the skill. */
  readonly path: string;
  /** Of its text; undefined of a file that cannot be given to a model. */
  readonly sha256: string | undefined;
  /** Tells whether the file must be read again. */
  readonly stamp: string;
}

export type ResourceReading =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly reason: string };

const MAX_LISTED = 100;
const MAX_DEPTH = 3;
const MAX_BYTES = 128 * 1024;
const MAX_KEPT_CHARACTERS = 16 * 1024 * 1024;

/**
 * The files of skills. The texts of those that were read are kept within bounds, by their hash, so that a former
 * generation gives the ones it was loaded with; where such a text is kept no more, that is told.
 */
export class SkillResources {
  readonly #texts = new LRUCache<string, string>({
    maxSize: MAX_KEPT_CHARACTERS,
    sizeCalculation: (text) => text.length + 1,
  });

  /** The files of a skill's folder by name, links left out. Those of `previous` that nobody has touched are not read. */
  async scan(
    root: string,
    directory: string,
    previous: readonly SkillResource[],
  ): Promise<readonly SkillResource[]> {
    const folder = await folderOf(root, directory);
    if (folder === undefined) return [];
    const before = new Map(previous.map((one) => [one.path, one]));
    const found: SkillResource[] = [];
    for (const name of await listFiles(folder)) {
      const file = path.join(folder, name);
      const known = before.get(name);
      // One question to the disk for each file: this is asked every two seconds.
      const stamp = await lstat(file, { bigint: true }).then(stampOf, () => undefined);
      if (stamp === undefined) continue;
      if (known?.stamp === stamp) found.push(known);
      else found.push({ path: name, stamp, sha256: this.#keep(await readFile(file)) });
    }
    return found;
  }

  /** Reads one of the files that the skill's generation has. */
  async read(
    root: string,
    directory: string,
    resources: readonly SkillResource[],
    name: string,
  ): Promise<ResourceReading> {
    const wanted = path.posix.normalize(name);
    const resource = resources.find((one) => one.path === wanted);
    const folder = resource && (await folderOf(root, directory));
    if (resource === undefined || folder === undefined) return refused('There is no such file.');
    const kept = resource.sha256 === undefined ? undefined : this.#texts.get(resource.sha256);
    if (kept !== undefined) return { kind: 'text', text: kept };
    const reading = await readFile(path.join(folder, wanted));
    if (this.#keep(reading) === resource.sha256) return reading;
    return refused('The file has changed since this version of the skill was loaded, and is not kept.');
  }

  #keep(reading: ResourceReading): string | undefined {
    if (reading.kind !== 'text') return undefined;
    const sha256 = createHash('sha256').update(reading.text).digest('hex');
    this.#texts.set(sha256, reading.text);
    return sha256;
  }
}

const refused = (reason: string): ResourceReading => ({ kind: 'refused', reason });

/** Where the skill's folder really is; undefined when that is outside of the folder of all skills. */
async function folderOf(root: string, directory: string): Promise<string | undefined> {
  try {
    const top = await realpath(root);
    const folder = await realpath(path.join(top, directory));
    return folder.startsWith(top + path.sep) ? folder : undefined;
  } catch {
    // It is gone.
    return undefined;
  }
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  const walk = async (below: string, depth: number): Promise<void> => {
    const entries = await readdir(path.join(folder, below), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (found.length >= MAX_LISTED) return;
      if (entry.name.startsWith('.')) continue;
      const name = path.posix.join(below, entry.name);
      if (entry.isDirectory() && depth < MAX_DEPTH) await walk(name, depth + 1);
      else if (entry.isFile() && name !== SKILL_FILE_NAME) found.push(name);
    }
  };
  await walk('', 1);
  return found;
}

const stampOf = ({ ctimeNs, dev, ino, mtimeNs, size }: BigIntStats): string =>
  `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;

async function readFile(file: string): Promise<ResourceReading> {
  let handle: FileHandle | undefined;
  try {
    // A link may have taken the place of the file since it was listed.
    if ((await realpath(file)) !== file) return refused('This is a link.');
    handle = await open(file, 'r');
    const stat = await handle.stat();
    if (!stat.isFile()) return refused('This is not a file.');
    if (stat.size > MAX_BYTES) return refused(`The file has more than ${MAX_BYTES} bytes.`);
    const bytes = Buffer.alloc(stat.size);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, bytesRead));
    return { kind: 'text', text };
  } catch (error) {
    return refused(error instanceof TypeError ? 'The file is not UTF-8 text.' : 'The file cannot be read.');
  } finally {
    await handle?.close();
  }
}
