import type { LogLine } from '../../shared/logs/logs-contract.ts';
import type { EngineLogLine, LogOptions } from '../engine/stack-engine.ts';
import { lineBytes } from './merged-line-buffer.ts';

export interface FeedDeps {
  readonly service: string;
  readonly instanceId: string;
  readonly readLogs: (options: LogOptions, signal: AbortSignal) => AsyncIterable<EngineLogLine>;
  readonly redact: (text: string) => string;
  readonly onError: (error: unknown) => void;
}

export type FeedListener = (line: LogLine) => void;

const BACKLOG_BYTES = 1024 * 1024;
const FIRST_TAIL = 1000;
const MAX_TAIL = 10_000;

/**
 * The one engine stream of an instance, shared by all who look at it.
 *
 * Keeps the last lines for those who come later. Ends when the instance does; `resume` reads on where it ended.
 */
export class InstanceFeed {
  readonly service: string;
  readonly #deps: FeedDeps;
  readonly #listeners = new Set<FeedListener>();
  readonly #abort = new AbortController();
  #backlog: LogLine[] = [];
  #backlogBytes = 0;
  #isLive = false;
  #lastAt = 0;
  /** Lines with the last time: the engine gives them again after a resume, its times are finer than ours. */
  #seenAtLast = new Map<string, number>();

  constructor(deps: FeedDeps) {
    this.#deps = deps;
    this.service = deps.service;
  }

  get isLive(): boolean {
    return this.#isLive;
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  /** Hands on the last `tail` lines known here, then every new one. Returns how to stop. */
  listen(listener: FeedListener, tail: number): () => void {
    if (tail > 0) for (const line of this.#backlog.slice(-tail)) listener(line);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Starts or goes on; does nothing while it runs. */
  resume(tail = FIRST_TAIL): void {
    if (this.#isLive || this.#abort.signal.aborted) return;
    this.#isLive = true;
    void this.#run(Math.min(Math.max(tail, FIRST_TAIL), MAX_TAIL));
  }

  dispose(): void {
    this.#abort.abort();
    this.#listeners.clear();
  }

  async #run(tail: number): Promise<void> {
    const { readLogs, onError } = this.#deps;
    const { signal } = this.#abort;
    const repeated = new Map(this.#seenAtLast);
    const resumedAt = this.#lastAt;
    try {
      const since = resumedAt === 0 ? {} : { since: resumedAt };
      for await (const line of readLogs({ tail, follow: true, ...since }, signal)) {
        if (signal.aborted) return;
        if (resumedAt !== 0 && line.at <= resumedAt && isRepeated(repeated, line, resumedAt)) continue;
        this.#emit(line);
      }
    } catch (error) {
      if (!signal.aborted) onError(error);
    } finally {
      this.#isLive = false;
    }
  }

  #emit({ at, stream, text }: EngineLogLine): void {
    this.#remember(at, stream + text);
    const line: LogLine = { service: this.service, at, stream, text: this.#deps.redact(text) };
    this.#backlog.push(line);
    this.#backlogBytes += lineBytes(line);
    if (this.#backlogBytes > BACKLOG_BYTES) this.#trim();
    for (const listener of this.#listeners) listener(line);
  }

  #remember(at: number, key: string): void {
    if (at > this.#lastAt) {
      this.#lastAt = at;
      this.#seenAtLast.clear();
    }
    if (at === this.#lastAt) this.#seenAtLast.set(key, (this.#seenAtLast.get(key) ?? 0) + 1);
  }

  /** To half, so that it is not done for every line. */
  #trim(): void {
    let from = 0;
    for (; from < this.#backlog.length && this.#backlogBytes > BACKLOG_BYTES / 2; from += 1) {
      const line = this.#backlog[from];
      if (line) this.#backlogBytes -= lineBytes(line);
    }
    this.#backlog = this.#backlog.slice(from);
  }
}

function isRepeated(repeated: Map<string, number>, line: EngineLogLine, resumedAt: number): boolean {
  if (line.at < resumedAt) return true;
  const key = line.stream + line.text;
  const count = repeated.get(key) ?? 0;
  if (count === 0) return false;
  repeated.set(key, count - 1);
  return true;
}
