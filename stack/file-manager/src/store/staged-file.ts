import { randomBytes } from 'node:crypto';
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Hidden, so that neither a listing nor the gateway takes a half-written file for a real one. */
export const STAGED_NAME = /^\.upload-[0-9a-f]{16}\.part$/;

/**
 * A new file beside its target, on the same file system: written, flushed to the disk, then put into place in one step.
 * Whatever goes wrong before that step leaves the target as it was.
 */
export class StagedFile {
  readonly handle: FileHandle;
  readonly #path: string;
  #open = true;

  /** Removes the staged file when `work` ends without having committed it. */
  static async use<T>(folder: string, work: (staged: StagedFile) => Promise<T>): Promise<T> {
    const file = path.join(folder, `.upload-${randomBytes(8).toString('hex')}.part`);
    const staged = new StagedFile(await open(file, 'wx', 0o644), file);
    try {
      return await work(staged);
    } finally {
      await staged.#close();
      await rm(file, { force: true });
    }
  }

  private constructor(handle: FileHandle, file: string) {
    this.handle = handle;
    this.#path = file;
  }

  /** Replaces the target, or with `exclusive` fails with EEXIST when one has appeared. */
  async commit(target: string, options: { readonly exclusive: boolean }): Promise<void> {
    await this.handle.sync();
    await this.#close();
    if (options.exclusive) await this.#placeNew(target);
    else await rename(this.#path, target);
    await syncFolder(path.dirname(target));
  }

  /** A hard link fails when the name is taken, which a rename does not. Some file systems have none. */
  async #placeNew(target: string): Promise<void> {
    try {
      await link(this.#path, target);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
      await (await open(target, 'wx')).close();
      await rename(this.#path, target);
      return;
    }
    await rm(this.#path, { force: true });
  }

  async #close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.handle.close();
  }
}

/** Makes the rename itself survive a power cut. Not possible on Windows, and not worth failing a save for. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // The file is in place and complete; only its directory entry may be lost in a power cut.
  }
}
