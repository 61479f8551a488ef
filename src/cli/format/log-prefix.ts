import type { Colour, Paint } from './paint.ts';

const COLOURS: readonly Colour[] = ['cyan', 'yellow', 'green', 'magenta', 'blue'];

/** `web-1  | `: one width for all that have been seen, one colour for each. */
export class LogPrefixes {
  readonly #paint: Paint;
  readonly #colours = new Map<string, Colour>();
  #width = 0;

  constructor(paint: Paint, names: readonly string[] = []) {
    this.#paint = paint;
    for (const name of names) this.of(name);
  }

  of(name: string): string {
    this.#width = Math.max(this.#width, name.length);
    let colour = this.#colours.get(name);
    if (colour === undefined) {
      colour = COLOURS[this.#colours.size % COLOURS.length] ?? 'cyan';
      this.#colours.set(name, colour);
    }
    return `${this.#paint(colour, `${name.padEnd(this.#width)}  |`)} `;
  }
}
