/** Terminal output that was not read yet. `push` waits while it is full: a program that floods is slowed, nothing is lost. */
export class OutputBuffer {
  readonly #maxChars: number;
  #text = '';
  #isEnded = false;
  #onChange = new Set<() => void>();

  constructor(maxChars: number) {
    this.#maxChars = maxChars;
  }

  get length(): number {
    return this.#text.length;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  async push(text: string): Promise<void> {
    this.#text += text;
    this.#changed();
    while (this.#text.length > this.#maxChars && !this.#isEnded) await this.#change();
  }

  /** No more output will come; frees whoever waits. */
  end(): void {
    this.#isEnded = true;
    this.#changed();
  }

  take(maxChars: number): string {
    let end = Math.min(maxChars, this.#text.length);
    const last = this.#text.charCodeAt(end - 1);
    // Both halves of a character outside the BMP go together.
    if (end < this.#text.length && end > 1 && last >= 0xd800 && last <= 0xdbff) end -= 1;
    const taken = this.#text.slice(0, end);
    this.#text = this.#text.slice(end);
    this.#changed();
    return taken;
  }

  /** Resolves when there is something to take, the output has ended, or the time is over. */
  async waitForOutput(ms: number): Promise<void> {
    if (this.#text !== '' || this.#isEnded) return;
    let timer: NodeJS.Timeout | undefined;
    const change = this.#change();
    await Promise.race([
      change,
      new Promise((resolve) => {
        timer = setTimeout(resolve, ms);
      }),
    ]);
    clearTimeout(timer);
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#onChange.add(resolve));
  }

  #changed(): void {
    const waiting = this.#onChange;
    this.#onChange = new Set();
    for (const resolve of waiting) resolve();
  }
}
