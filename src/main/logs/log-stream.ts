import type { LogBatch, LogLine } from '../../shared/logs/logs-contract.ts';
import { MergedLineBuffer } from './merged-line-buffer.ts';

export interface LogStreamTimes {
  readonly waitMs: number;
  /** A burst is handed over as one batch. */
  readonly gatherMs: number;
}

export interface WantedLogs {
  /** Empty: all. */
  readonly services: readonly string[];
  /** Only this one of their instances. */
  readonly instance?: string | undefined;
  readonly tail: number;
}

const BATCH_CHARS = 64 * 1024;
const BUFFER_BYTES = 4 * 1024 * 1024;

/** One reader's view on the logs: what has come and was not read yet. */
export class LogStream {
  readonly #buffer = new MergedLineBuffer(BUFFER_BYTES);
  readonly #services: ReadonlySet<string>;
  readonly #instance: string | undefined;
  readonly #times: LogStreamTimes;
  readonly tail: number;
  #wake: (() => void) | undefined;
  #isClosed = false;

  constructor(wanted: WantedLogs, times: LogStreamTimes) {
    this.#services = new Set(wanted.services);
    this.#instance = wanted.instance;
    this.tail = wanted.tail;
    this.#times = times;
  }

  covers(service: string): boolean {
    return this.#services.size === 0 || this.#services.has(service);
  }

  /** Whether lines of this instance belong here: one that was asked for by its id leaves the others out. */
  coversInstance(service: string, instanceId: string): boolean {
    return this.covers(service) && (this.#instance === undefined || this.#instance === instanceId);
  }

  push(source: string, line: LogLine): void {
    this.#buffer.push(source, line);
    this.#wake?.();
  }

  /** Wakes a waiting reader without a line, e.g. because the state changed. */
  close(): void {
    this.#isClosed = true;
    this.#wake?.();
  }

  async read(state: () => LogBatch['state']): Promise<LogBatch> {
    if (this.#buffer.isEmpty && !this.#isClosed) await this.#wait(this.#times.waitMs);
    if (!this.#buffer.isEmpty && this.#buffer.bytes < BATCH_CHARS && !this.#isClosed) await this.#gather();
    return { ...this.#buffer.take(BATCH_CHARS), state: this.#isClosed ? 'ended' : state() };
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      // A second reader of the same stream lets the first one go.
      this.#wake?.();
      this.#wake = done;
    });
  }

  #gather(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.#times.gatherMs));
  }
}
