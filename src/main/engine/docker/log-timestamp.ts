const SECONDS_CHARS = 'YYYY-MM-DDTHH:MM:SS'.length;
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** Parses the times that the engine puts before log messages; consecutive lines mostly share their second. */
export class TimestampParser {
  #second = '';
  #zone = '';
  #base = 0;
  #last = 0;

  /** The last time parsed, for text that has none. */
  get last(): number {
    return this.#last;
  }

  /** Epoch milliseconds, or undefined when the text is no RFC 3339 time. */
  parse(stamp: string): number | undefined {
    if (!RFC3339.test(stamp)) return undefined;
    const second = stamp.slice(0, SECONDS_CHARS);
    const zone = stamp.endsWith('Z') ? 'Z' : stamp.slice(-6);
    if (second !== this.#second || zone !== this.#zone) {
      const base = Date.parse(second + zone);
      if (Number.isNaN(base)) return undefined;
      this.#second = second;
      this.#zone = zone;
      this.#base = base;
    }
    const fraction = stamp.charAt(SECONDS_CHARS) === '.' ? stamp.slice(SECONDS_CHARS + 1, -zone.length) : '0';
    this.#last = this.#base + Math.floor(Number(`0.${fraction}`) * 1000);
    return this.#last;
  }
}
