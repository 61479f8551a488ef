import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, realpath, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { SKILL_FILE_NAME } from '@skilldeck/agent-skills';
import writeFileAtomic from 'write-file-atomic';
import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';

/** Beyond this a file is listed with a diagnostic and not read. */
export const MAX_SKILL_BYTES = 1_048_576;
const MAX_SKILLS = 500;

export type SkillFile =
  | {
      readonly kind: 'text';
      readonly id: string;
      readonly text: string;
      readonly version: string;
      readonly bytes: number;
      readonly modifiedAt: number;
    }
  | {
      readonly kind: 'unreadable';
      readonly id: string;
      readonly reason: 'too_large' | 'not_utf8' | 'missing' | 'outside';
      readonly bytes: number;
      readonly modifiedAt: number;
    };

/**
 * The skills of a workspace on disk: one folder each, `SKILL.md` in it.
 *
 * An id is a folder name; it is resolved with `realpath` inside the root before anything is done with it.
 */
export class SkillRepository {
  readonly #root: string;
  readonly #trash: string;

  /** @param trash where removed skills go, so that nothing is ever gone at once */
  constructor(root: string, trash: string) {
    this.#root = root;
    this.#trash = trash;
  }

  get root(): string {
    return this.#root;
  }

  /** Sorted by id. A skill that cannot be read is listed as such; it never fails the list. */
  async list(): Promise<SkillFile[]> {
    let names: string[];
    try {
      const entries = await readdir(this.#root, { withFileTypes: true });
      names = entries
        .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && isSkillId(entry.name))
        .map((entry) => entry.name)
        .sort()
        .slice(0, MAX_SKILLS);
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    }
    const files: SkillFile[] = [];
    for (const name of names) {
      const file = await this.#readFile(name);
      if (file.kind === 'text' || file.reason !== 'missing') files.push(file);
    }
    return files;
  }

  /** Rejects with `skill.not_found`, `skill.too_large` or `skill.not_utf8`. */
  async read(id: string): Promise<Extract<SkillFile, { kind: 'text' }>> {
    const file = await this.#readFile(id);
    if (file.kind === 'text') return file;
    throw unreadable(file);
  }

  /** The version on disk, or nothing when there is no such file (or none that can be read as text). */
  async version(id: string): Promise<string | undefined> {
    const file = await this.#readFile(id);
    return file.kind === 'text' ? file.version : undefined;
  }

  /** Atomic: a reader sees the old text or the new one. Returns the new version. */
  async write(id: string, text: string): Promise<string> {
    const directory = await this.#directory(id);
    try {
      await mkdir(directory, { recursive: true });
      await writeFileAtomic(path.join(directory, SKILL_FILE_NAME), text, { encoding: 'utf8' });
    } catch (error) {
      throw writeFailed(error, id);
    }
    return versionOf(Buffer.from(text, 'utf8'));
  }

  async exists(id: string): Promise<boolean> {
    try {
      await stat(path.join(this.#root, id));
      return true;
    } catch {
      return false;
    }
  }

  /** Moves the whole folder to the trash. */
  async remove(id: string): Promise<void> {
    const directory = await this.#directory(id);
    try {
      await mkdir(this.#trash, { recursive: true });
      await rename(directory, path.join(this.#trash, `${id}-${randomUUID().slice(0, 8)}`));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) throw notFound(id);
      throw writeFailed(error, id);
    }
  }

  async #readFile(id: string): Promise<SkillFile> {
    const missing = { kind: 'unreadable', id, reason: 'missing', bytes: 0, modifiedAt: 0 } as const;
    if (!isSkillId(id)) return missing;
    let file: string;
    try {
      const root = await realpath(this.#root);
      file = await realpath(path.join(this.#root, id, SKILL_FILE_NAME));
      if (!file.startsWith(root + path.sep)) return { ...missing, reason: 'outside' };
    } catch {
      return missing;
    }
    const handle = await open(file, 'r').catch(() => undefined);
    if (handle === undefined) return missing;
    try {
      const facts = await handle.stat();
      const common = { id, bytes: facts.size, modifiedAt: facts.mtimeMs };
      if (!facts.isFile()) return missing;
      if (facts.size > MAX_SKILL_BYTES) return { kind: 'unreadable', reason: 'too_large', ...common };
      const bytes = await handle.readFile();
      const text = decodeUtf8(bytes);
      if (text === undefined) return { kind: 'unreadable', reason: 'not_utf8', ...common };
      return { kind: 'text', text, version: versionOf(bytes), ...common };
    } finally {
      await handle.close();
    }
  }

  /** The folder itself may not exist yet; what exists must lie inside the root. */
  async #directory(id: string): Promise<string> {
    if (!isSkillId(id)) throw notFound(id);
    await mkdir(this.#root, { recursive: true });
    const root = await realpath(this.#root);
    const directory = path.join(root, id);
    const real = await realpath(directory).catch(() => directory);
    if (path.dirname(real) !== root) throw notFound(id);
    return real;
  }
}

/** A plain folder name: no separator, no hidden file, nothing that Windows reads as a device or a stream. */
export function isSkillId(name: string): boolean {
  return (
    name.length > 0 &&
    name.length <= 64 &&
    !name.startsWith('.') &&
    !/[/\\:\0]/.test(name) &&
    name.trim() === name
  );
}

export function versionOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function notFound(id: string): AppError {
  return new AppError('skill.not_found', phrase('no_skill', { id }), { params: { id } });
}

function unreadable(file: Extract<SkillFile, { kind: 'unreadable' }>): AppError {
  const params = { id: file.id, bytes: file.bytes, limit: MAX_SKILL_BYTES };
  switch (file.reason) {
    case 'too_large':
      return new AppError(
        'skill.too_large',
        `SKILL.md of "${file.id}" is larger than ${MAX_SKILL_BYTES} bytes.`,
        {
          hint: 'Move detail into files beside it.',
          params,
        },
      );
    case 'not_utf8':
      return new AppError('skill.not_utf8', `SKILL.md of "${file.id}" is not UTF-8 text.`, {
        hint: 'Save it as UTF-8 in the program that made it.',
        params,
      });
    default:
      return notFound(file.id);
  }
}

function writeFailed(error: unknown, id: string): AppError {
  if (hasCode(error, 'ENOSPC'))
    return new AppError('disk_full', 'The disk is full; nothing was written.', {
      hint: 'Free some space, then save again. Your text is still in the editor.',
      params: { id, path: `${id}/${SKILL_FILE_NAME}` },
      cause: error,
    });
  if (hasCode(error, 'EROFS') || hasCode(error, 'EACCES') || hasCode(error, 'EPERM'))
    return new AppError('read_only', phrase('skill_unwritable', { id }), {
      hint: 'Check who owns the workspace folder.',
      params: { id },
      cause: error,
    });
  return new AppError('skill.write_failed', phrase('skill_not_written', { id }), {
    params: { id },
    cause: error,
  });
}
