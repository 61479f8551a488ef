import { StringDecoder } from 'node:string_decoder';

/** Longer lines are cut, as Docker's own log driver cuts them. */
export const MAX_LINE_CHARS = 16 * 1024;

/**
 * Cuts the bytes of one stream into lines without their line breaks.
 *
 * Characters that are split between chunks come out whole; at most one line of {@link MAX_LINE_CHARS} is held.
 */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  readonly #maxChars: number;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(onLine: (line: string) => void, maxChars = MAX_LINE_CHARS) {
    this.#onLine = onLine;
    this.#maxChars = maxChars;
  }

  /** Whether the next bytes begin a line. */
  get isAtLineStart(): boolean {
    return this.#rest === '';
  }

  push(bytes: Buffer): void {
    this.#take(this.#decoder.write(bytes));
  }

  /** Hands on what has no line break yet. */
  end(): void {
    this.#take(this.#decoder.end());
    if (this.#rest !== '') this.#emit(this.#rest);
    this.#rest = '';
  }

  #take(text: string): void {
    let from = 0;
    for (let to = text.indexOf('\n'); to !== -1; to = text.indexOf('\n', from)) {
      const line = text.slice(from, to);
      this.#emit(this.#rest === '' ? line : this.#rest + line);
      this.#rest = '';
      from = to + 1;
    }
    if (from >= text.length) return;
    this.#rest += from === 0 ? text : text.slice(from);
    while (this.#rest.length > this.#maxChars) this.#rest = this.#cut(this.#rest);
  }

  #emit(line: string): void {
    let rest = line;
    while (rest.length > this.#maxChars) rest = this.#cut(rest);
    this.#onLine(rest.endsWith('\r') ? rest.slice(0, -1) : rest);
  }

  /** Emits the first part and returns the rest; never parts a surrogate pair. */
  #cut(text: string): string {
    const last = text.charCodeAt(this.#maxChars - 1);
    const end = last >= 0xd800 && last <= 0xdbff && this.#maxChars > 1 ? this.#maxChars - 1 : this.#maxChars;
    this.#onLine(text.slice(0, end));
    return text.slice(end);
  }
}
