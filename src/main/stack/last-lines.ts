import type { StackEngine } from '../engine/stack-engine.ts';
import type { ObservedContainer } from '../plan/observed-state.ts';
import { hasFailed } from './service-state.ts';

const LINES = 20;
const READ_LIMIT_MS = 3000;

/** Reads what failed instances said last, once each, and forgets it with them. */
export class LastLines {
  readonly #lines = new Map<string, readonly string[]>();
  readonly #onChange: () => void;
  readonly #ended = new AbortController();

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get byInstance(): ReadonlyMap<string, readonly string[]> {
    return this.#lines;
  }

  follow(engine: StackEngine, containers: readonly ObservedContainer[]): void {
    const failed = new Set(containers.filter(hasFailed).map((container) => container.id));
    for (const id of this.#lines.keys()) if (!failed.has(id)) this.#lines.delete(id);
    for (const id of failed) {
      if (this.#lines.has(id)) continue;
      this.#lines.set(id, []);
      void this.#read(engine, id);
    }
  }

  dispose(): void {
    this.#ended.abort();
  }

  async #read(engine: StackEngine, id: string): Promise<void> {
    const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(READ_LIMIT_MS)]);
    const lines: string[] = [];
    try {
      for await (const line of engine.logs(id, { tail: LINES, follow: false }, signal)) lines.push(line.text);
    } catch {
      // No lines is an answer too: the state itself is already shown.
    }
    if (!this.#lines.has(id) || lines.length === 0) return;
    this.#lines.set(id, lines.slice(-LINES));
    this.#onChange();
  }
}
