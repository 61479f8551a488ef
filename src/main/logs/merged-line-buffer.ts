import type { LogLine } from '../../shared/logs/logs-contract.ts';

/** What a line costs besides its characters. */
const LINE_OVERHEAD_BYTES = 96;

interface Queue {
  lines: LogLine[];
  head: number;
}

/**
 * Lines of several sources, handed out in the order of their times, bounded in bytes.
 *
 * The order within a source is kept. Over the limit the oldest line goes first, and is counted.
 */
export class MergedLineBuffer {
  readonly #maxBytes: number;
  readonly #queues = new Map<string, Queue>();
  #bytes = 0;
  #dropped = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  push(source: string, line: LogLine): void {
    let queue = this.#queues.get(source);
    if (!queue) {
      queue = { lines: [], head: 0 };
      this.#queues.set(source, queue);
    }
    queue.lines.push(line);
    this.#bytes += lineBytes(line);
    while (this.#bytes > this.#maxBytes && this.#shift()) this.#dropped += 1;
  }

  /** Lines up to the limit (at least one, when there is one), and how many were lost since the last call. */
  take(maxTextChars: number): { readonly lines: LogLine[]; readonly dropped: number } {
    const lines: LogLine[] = [];
    let chars = 0;
    for (let next = this.#oldest(); next; next = this.#oldest()) {
      const [, queue] = next;
      const line = queue.lines[queue.head];
      if (!line || (lines.length > 0 && chars + line.text.length > maxTextChars)) break;
      chars += line.text.length;
      lines.push(line);
      this.#shift(next);
    }
    const dropped = this.#dropped;
    this.#dropped = 0;
    return { lines, dropped };
  }

  #shift(next = this.#oldest()): boolean {
    if (!next) return false;
    const [source, queue] = next;
    const line = queue.lines[queue.head];
    if (!line) return false;
    this.#bytes -= lineBytes(line);
    queue.head += 1;
    if (queue.head === queue.lines.length) this.#queues.delete(source);
    else if (queue.head > 1024 && queue.head * 2 > queue.lines.length) {
      queue.lines = queue.lines.slice(queue.head);
      queue.head = 0;
    }
    return true;
  }

  #oldest(): readonly [string, Queue] | undefined {
    let oldest: readonly [string, Queue] | undefined;
    let oldestAt = Number.POSITIVE_INFINITY;
    for (const entry of this.#queues) {
      const at = entry[1].lines[entry[1].head]?.at ?? 0;
      if (oldest && at >= oldestAt) continue;
      oldest = entry;
      oldestAt = at;
    }
    return oldest;
  }
}

export function lineBytes(line: LogLine): number {
  return line.text.length * 2 + LINE_OVERHEAD_BYTES;
}
