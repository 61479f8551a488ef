import { setTimeout as delay } from 'node:timers/promises';
import type { TerminalSize } from '../stack-engine.ts';
import type { DockerApi } from './docker-api.ts';

const TRIES = 10;
const ANSWER_LIMIT_MS = 5000;

/**
 * The size of the terminal of an exec or a container, as the engine is told it.
 *
 * One call goes after the other, so that the latest size is the one that stays; sizes out of date before their turn
 * are left out. A process that has ended needs no size, so no failure is told.
 */
export class ConsoleSize {
  readonly #tell: (size: TerminalSize) => Promise<void>;
  readonly #isOver: () => boolean;
  readonly #wait: (ms: number) => Promise<unknown>;
  #wanted: TerminalSize | undefined;
  #telling: Promise<void> | undefined;

  constructor(
    tell: (size: TerminalSize) => Promise<void>,
    isOver: () => boolean,
    wait: (ms: number) => Promise<unknown> = delay,
  ) {
    this.#tell = tell;
    this.#isOver = isOver;
    this.#wait = wait;
  }

  /** @param path of the exec or the container. */
  static at(api: DockerApi, path: string, isOver: () => boolean): ConsoleSize {
    const tell = ({ columns, rows }: TerminalSize) =>
      api.json<void>({
        method: 'POST',
        path: `${path}/resize`,
        query: { h: rows, w: columns },
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      });
    return new ConsoleSize(tell, isOver);
  }

  /** Resolves when the engine has taken the latest size, or never will. */
  set(size: TerminalSize): Promise<void> {
    this.#wanted = size;
    this.#telling ??= this.#tellAll().finally(() => {
      this.#telling = undefined;
    });
    return this.#telling;
  }

  /**
   * The output as it is. At its first part the size is told again: engines before API 1.42 answer "done" for a
   * process whose terminal does not exist yet, and lose the size (https://github.com/moby/moby/issues/35407).
   */
  async *watch<Part>(output: AsyncIterable<Part>): AsyncGenerator<Part, void, void> {
    let isFirst = true;
    for await (const part of output) {
      if (isFirst && this.#wanted !== undefined) void this.set({ ...this.#wanted });
      isFirst = false;
      yield part;
    }
  }

  async #tellAll(): Promise<void> {
    let told: TerminalSize | undefined;
    while (this.#wanted !== told && this.#wanted !== undefined) {
      told = this.#wanted;
      await this.#tellOnce(told);
    }
  }

  /** The process may not be there yet, so this is tried again. */
  async #tellOnce(size: TerminalSize): Promise<void> {
    for (let attempt = 1; attempt <= TRIES && !this.#isOver() && this.#wanted === size; attempt += 1) {
      try {
        await this.#tell(size);
        return;
      } catch {
        await this.#wait(attempt * 10);
      }
    }
  }
}
