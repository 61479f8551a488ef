import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { safeStorage } from 'electron';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';

const storeSchema = z.record(z.string(), z.string());

/**
 * Secrets encrypted by the operating system's keychain (Electron safeStorage), in a file that only this user reads.
 *
 * Where the system offers none (Linux without a secret service) nothing is written: `available()` says so.
 */
export class Keychain {
  readonly #file: string;
  #store: Record<string, string>;

  constructor(file: string) {
    this.#file = file;
    this.#store = readStore(file);
  }

  available(): boolean {
    if (!safeStorage.isEncryptionAvailable()) return false;
    // `basic_text` is a fixed password: that would be a secret on disk in all but name.
    return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
  }

  get(name: string): string | undefined {
    const stored = this.#store[name];
    if (stored === undefined || !this.available()) return undefined;
    try {
      return safeStorage.decryptString(Buffer.from(stored, 'base64'));
    } catch {
      // Encrypted by another user or machine: as good as absent.
      return undefined;
    }
  }

  async set(name: string, value: string): Promise<void> {
    if (!this.available())
      throw new AppError('keychain.unavailable', phrase('no_keychain'), {
        hint: 'The key is used for this session and not kept.',
      });
    this.#store[name] = safeStorage.encryptString(value).toString('base64');
    await this.#write();
  }

  async delete(name: string): Promise<void> {
    if (!(name in this.#store)) return;
    delete this.#store[name];
    await this.#write();
  }

  async #write(): Promise<void> {
    await mkdir(path.dirname(this.#file), { recursive: true });
    await writeFileAtomic(this.#file, JSON.stringify(this.#store), { mode: 0o600 });
  }
}

function readStore(file: string): Record<string, string> {
  try {
    return storeSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}
