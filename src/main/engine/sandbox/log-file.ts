import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import type { EngineLogLine } from '../stack-engine.ts';

const MAX_FILE_BYTES = 5 * 1024 * 1024;
/** A disk that does not keep up loses lines here, not the service its pace. */
const MAX_PENDING_CHARS = 2 * 1024 * 1024;

/** Keeps a service's lines on disk, one old file beside the current one. Never throws: logs must not stop a service. */
export class LogFile {
  readonly #file: string;
  readonly #onError: (error: unknown) => void;
  #pending: string[] = [];
  #pendingChars = 0;
  #writing: Promise<void> | undefined;
  #bytes: number | undefined;

  constructor(file: string, onError: (error: unknown) => void) {
    this.#file = file;
    this.#onError = onError;
  }

  push(line: EngineLogLine): void {
    if (this.#pendingChars > MAX_PENDING_CHARS) return;
    const text = `${new Date(line.at).toISOString()} ${line.stream} ${line.text}\n`;
    this.#pending.push(text);
    this.#pendingChars += text.length;
    this.#writing ??= this.#write();
  }

  async flush(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    try {
      while (this.#pending.length > 0) {
        const text = this.#pending.join('');
        this.#pending = [];
        this.#pendingChars = 0;
        await this.#append(text);
      }
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#writing = undefined;
    }
  }

  async #append(text: string): Promise<void> {
    if (this.#bytes === undefined) {
      await mkdir(path.dirname(this.#file), { recursive: true });
      this.#bytes = (await stat(this.#file).catch(() => undefined))?.size ?? 0;
    }
    if (this.#bytes > MAX_FILE_BYTES) {
      await rename(this.#file, `${this.#file}.1`);
      this.#bytes = 0;
    }
    await appendFile(this.#file, text, { mode: 0o600 });
    this.#bytes += Buffer.byteLength(text);
  }
}
