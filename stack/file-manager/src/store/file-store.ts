import { createHash } from 'node:crypto';
import { lstat, readFile, rm, rmdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { SkillDiagnostic } from '@skilldeck/agent-skills';
import { FileManagerError, translateFsError } from '../errors.ts';
import { checkText, decodeText, isGguf, reviewText } from './content-check.ts';
import { AREAS, type Area, type FilePath } from './file-path.ts';
import { KeyedLock } from './keyed-lock.ts';
import { type Listing, listFiles, removeStagedFiles } from './list-files.ts';
import { resolveExisting, resolveFolder } from './resolve-folder.ts';
import { StagedFile } from './staged-file.ts';

export interface FileStoreOptions {
  readonly root: string;
  readonly textLimitBytes: number;
  readonly modelLimitBytes: number;
  readonly listLimit: number;
}

export interface TextFile {
  readonly text: string;
  /** SHA-256 of the bytes. */
  readonly version: string;
  readonly size: number;
  readonly modified: number;
  readonly diagnostics: readonly SkillDiagnostic[];
}

/** What a writer expects to be there: a version it has read, nothing at all (`null`), or whatever it may be (`any`). */
export type Expected =
  | { readonly kind: 'version'; readonly version: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'any' };

export type WriteResult =
  | {
      readonly kind: 'saved';
      readonly version: string;
      readonly size: number;
      readonly diagnostics: readonly SkillDiagnostic[];
    }
  | { readonly kind: 'conflict'; readonly current: TextFile | null };

export type RemoveResult =
  | { readonly kind: 'removed' }
  | { readonly kind: 'conflict'; readonly current: TextFile };

/** The files of one root folder. Every write is complete or has not happened; none is lost to another writer unseen. */
export class FileStore {
  readonly #options: FileStoreOptions;
  readonly #lock = new KeyedLock();

  constructor(options: FileStoreOptions) {
    this.#options = options;
  }

  /** Throws a coded error when the root cannot be used at all. */
  async check(): Promise<void> {
    await this.#translated('the data folder', () => stat(this.#options.root));
  }

  /** Clears away what a crash during an upload left; returns how many files. Call before serving. */
  removeLeftovers(): Promise<number> {
    return removeStagedFiles(this.#options.root, AREAS);
  }

  list(area: Area): Promise<Listing> {
    return this.#translated(area, () => listFiles(this.#options.root, area, this.#options.listLimit));
  }

  read(file: FilePath): Promise<TextFile> {
    return this.#translated(file.display, async () =>
      this.#readText(file, await resolveExisting(this.#options.root, file)),
    );
  }

  async save(file: FilePath, text: string, expected: Expected): Promise<WriteResult> {
    const bytes = Buffer.from(text, 'utf8');
    this.#checkSize(file, bytes.length);
    const diagnostics = checkText(file, text);
    return this.#exclusively(file, async () => {
      const current = await this.#currentText(file);
      if (!matches(expected, current)) return { kind: 'conflict', current };
      const folder = await resolveFolder(this.#options.root, file, { create: true });
      // Through the link's target, so that a link inside the root stays a link.
      const target =
        current === null
          ? path.join(folder, file.segments.at(-1) ?? '')
          : await resolveExisting(this.#options.root, file);
      await StagedFile.use(path.dirname(target), async (staged) => {
        await staged.handle.writeFile(bytes);
        await staged.commit(target, { exclusive: current === null });
      });
      return { kind: 'saved', version: hash(bytes), size: bytes.length, diagnostics };
    });
  }

  /** Takes a model file as it arrives; never holds more than one chunk of it. */
  async receiveModel(
    file: FilePath,
    chunks: AsyncIterable<Buffer>,
    options: ReceiveOptions,
  ): Promise<{ readonly size: number }> {
    return this.#exclusively(file, async () => {
      const folder = await resolveFolder(this.#options.root, file, { create: true });
      const target = path.join(folder, file.segments.at(-1) ?? '');
      const there = await lstat(target).catch(() => undefined);
      if (there !== undefined && !there.isFile()) {
        throw new FileManagerError('file.not_a_file', `${file.display} is taken by a folder or a link.`, {
          params: { file: file.display },
        });
      }
      if (there !== undefined && !options.overwrite) throw exists(file);
      await this.#checkSpace(folder, file, options.expectedBytes);
      return StagedFile.use(folder, async (staged) => {
        const size = await this.#copyModel(file, chunks, staged);
        options.verifyComplete();
        await staged.commit(target, { exclusive: there === undefined });
        return { size };
      });
    });
  }

  /** Deletes a file, and the folders that became empty with it. */
  remove(file: FilePath, expected: Expected): Promise<RemoveResult> {
    return this.#exclusively(file, async () => {
      const folder = await resolveFolder(this.#options.root, file, { create: false });
      const target = path.join(folder, file.segments.at(-1) ?? '');
      // A link is removed itself, not what it points to; a folder is refused.
      if ((await lstat(target)).isDirectory()) {
        throw new FileManagerError('file.not_a_file', `${file.display} is a folder.`, {
          params: { file: file.display },
        });
      }
      if (file.kind !== 'gguf' && expected.kind === 'version') {
        const current = await this.#readText(file, await resolveExisting(this.#options.root, file));
        if (current.version !== expected.version) return { kind: 'conflict', current };
      }
      await rm(target);
      await this.#removeEmptyFolders(folder, file.segments.length - 1);
      return { kind: 'removed' };
    });
  }

  async #readText(file: FilePath, real: string): Promise<TextFile> {
    if (file.kind === 'gguf') {
      throw new FileManagerError('file.type_refused', `${file.display} is a model, not text.`, {
        params: { file: file.display },
      });
    }
    const stats = await stat(real);
    if (!stats.isFile())
      throw new FileManagerError('file.not_a_file', `${file.display} is not a file.`, {
        params: { file: file.display },
      });
    this.#checkSize(file, stats.size);
    const bytes = await readFile(real);
    const text = decodeText(bytes, file.display);
    return {
      text,
      version: hash(bytes),
      size: bytes.length,
      modified: Math.round(stats.mtimeMs),
      diagnostics: reviewText(file, text),
    };
  }

  /** A current file that is not text can be replaced: it counts as a version nobody has read. */
  async #currentText(file: FilePath): Promise<TextFile | null> {
    try {
      return await this.read(file);
    } catch (error) {
      if (!(error instanceof FileManagerError)) throw error;
      if (error.code === 'file.not_found') return null;
      if (error.code !== 'file.not_utf8' && error.code !== 'file.too_large') throw error;
      return { text: '', version: 'unreadable', size: 0, modified: 0, diagnostics: [] };
    }
  }

  async #copyModel(file: FilePath, chunks: AsyncIterable<Buffer>, staged: StagedFile): Promise<number> {
    let size = 0;
    let head: Buffer | undefined = Buffer.alloc(0);
    for await (const chunk of chunks) {
      size += chunk.length;
      this.#checkSize(file, size);
      if (head !== undefined) {
        head = Buffer.concat([head, chunk.subarray(0, 16)]);
        const verdict = isGguf(head);
        if (verdict === false) throw notGguf(file);
        if (verdict === true) head = undefined;
      }
      await staged.handle.writeFile(chunk);
    }
    if (head !== undefined) throw notGguf(file);
    return size;
  }

  async #checkSpace(folder: string, file: FilePath, expectedBytes: number | undefined): Promise<void> {
    if (expectedBytes === undefined) return;
    this.#checkSize(file, expectedBytes);
    const { bavail, bsize } = await statfs(folder);
    if (expectedBytes <= bavail * bsize) return;
    throw new FileManagerError('storage.full', `There is not enough space for ${file.display}.`, {
      params: { file: file.display, needed: expectedBytes, free: bavail * bsize },
    });
  }

  #checkSize(file: FilePath, size: number): void {
    const limit = file.kind === 'gguf' ? this.#options.modelLimitBytes : this.#options.textLimitBytes;
    if (size <= limit) return;
    throw new FileManagerError('file.too_large', `${file.display} is larger than ${limit} bytes.`, {
      params: { file: file.display, limit },
    });
  }

  async #removeEmptyFolders(folder: string, levels: number): Promise<void> {
    let current = folder;
    for (let level = 0; level < levels; level += 1) {
      // Not empty, or already gone: both end the tidying and neither is a fault.
      if (
        !(await rmdir(current).then(
          () => true,
          () => false,
        ))
      )
        return;
      current = path.dirname(current);
    }
  }

  #exclusively<T>(file: FilePath, work: () => Promise<T>): Promise<T> {
    return this.#lock.run(file.display, () => this.#translated(file.display, work));
  }

  async #translated<T>(name: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw translateFsError(error, name);
    }
  }
}

export interface ReceiveOptions {
  readonly overwrite: boolean;
  /** As the sender announced it; used to refuse early. */
  readonly expectedBytes: number | undefined;
  /** Throws when the stream ended early; asked once after the last chunk. */
  readonly verifyComplete: () => void;
}

function matches(expected: Expected, current: TextFile | null): boolean {
  switch (expected.kind) {
    case 'any':
      return true;
    case 'nothing':
      return current === null;
    case 'version':
      return current?.version === expected.version;
  }
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function exists(file: FilePath): FileManagerError {
  return new FileManagerError('file.exists', `${file.display} is there already.`, {
    params: { file: file.display },
  });
}

function notGguf(file: FilePath): FileManagerError {
  return new FileManagerError('file.not_gguf', `${file.display} is not a GGUF model.`, {
    params: { file: file.display },
  });
}
