import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { stripControls } from '../../../shared/logs/strip-controls.ts';

const MAX_STDERR_CHARS = 2000;

/** A program's standard input and output as a connection; it ends with the program, and the program with it. */
export class CommandSocket extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #program: string;
  #stderr = '';
  #timeoutMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(program: string, args: readonly string[], env: Readonly<Record<string, string | undefined>>) {
    // As a socket of the system: when the other side ends, so does this one.
    super({ allowHalfOpen: false });
    this.#program = program;
    // Away from the terminal that the app was started from: no question is asked where nobody answers.
    this.#child = spawn(program, args, {
      env: { ...env },
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    const { stdin, stdout, stderr } = this.#child;
    stdout.on('data', (chunk: Buffer) => {
      this.#touch();
      if (!this.push(chunk)) stdout.pause();
    });
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-MAX_STDERR_CHARS);
    });
    // How the program ends says what a broken pipe means.
    stdin.on('error', () => {});
    this.#child.on('error', () => this.destroy(new Error(`${program} cannot be started; is it installed?`)));
    this.#child.on('close', (code) => this.#handleExit(code));
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#touch();
    this.#child.stdin.write(chunk, () => done());
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#child.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#timer);
    this.#child.kill();
    done(error);
  }

  /** What HTTP asks of a socket besides the bytes. */
  setTimeout(milliseconds: number, listener?: () => void): this {
    this.#timeoutMs = milliseconds;
    if (listener && milliseconds > 0) this.once('timeout', listener);
    else if (listener) this.off('timeout', listener);
    this.#touch();
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  #touch(): void {
    clearTimeout(this.#timer);
    if (this.#timeoutMs > 0) this.#timer = setTimeout(() => this.emit('timeout'), this.#timeoutMs).unref();
  }

  #handleExit(code: number | null): void {
    if (code === 0) {
      this.push(null);
      return;
    }
    const lines = this.#stderr.split(/\r*\n/).map((line) => stripControls(line, false).trim());
    const said = lines.filter((line) => line !== '').join('\n');
    this.destroy(new Error(said === '' ? `${this.#program} ended with ${code}` : said));
  }
}
