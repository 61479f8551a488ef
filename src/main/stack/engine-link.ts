import { AppError, toAppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { EngineStatus } from '../../shared/stack/stack-snapshot.ts';
import type { ProjectsChange, StackEngine } from '../engine/stack-engine.ts';
import type { Logger } from '../lifetime/logger.ts';

const FIRST_DELAY_MS = 1000;
const MAX_DELAY_MS = 15_000;

export interface EngineLinkOptions {
  readonly engine: StackEngine;
  /** Called for every change of the connection; `isRemote`: the engine is on another machine. */
  readonly onStatus: (status: EngineStatus, isRemote: boolean) => void;
  /** These projects may have changed, absent: any; list them again. Also called once after each (re)connection. */
  readonly onChange: (projects?: readonly string[]) => void;
  readonly logger: Logger;
  readonly delay?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Keeps one connection to the engine: connects, watches, and starts again with growing pauses when it is lost.
 *
 * A lost engine is announced at once, and stays `unavailable` until it really answers again.
 */
export class EngineLink {
  readonly #options: EngineLinkOptions;
  readonly #ended = new AbortController();
  readonly #finished: Promise<void>;
  #wake = new AbortController();

  constructor(options: EngineLinkOptions) {
    this.#options = options;
    this.#finished = this.#run();
  }

  /** Ends a pause between two attempts. */
  retryNow(): void {
    this.#wake.abort();
  }

  async close(): Promise<void> {
    this.#ended.abort();
    this.#wake.abort();
    await this.#finished;
  }

  async #run(): Promise<void> {
    const { engine, logger, onStatus } = this.#options;
    const signal = this.#ended.signal;
    onStatus({ kind: 'connecting', engine: engine.kind }, false);
    for (let delayMs = FIRST_DELAY_MS; !signal.aborted; delayMs = Math.min(delayMs * 2, MAX_DELAY_MS)) {
      try {
        const { isRemote = false, ...description } = await engine.connect(signal);
        if (signal.aborted) return;
        onStatus({ kind: 'connected', engine: engine.kind, ...description }, isRemote);
        await this.#watch(signal, () => {
          delayMs = FIRST_DELAY_MS;
        });
        throw new AppError('engine.unreachable', phrase('engine_closed'));
      } catch (error) {
        if (signal.aborted) return;
        const fault = toAppError(error);
        logger.warn({ code: fault.code, engine: engine.kind, delayMs }, 'the engine does not answer');
        onStatus({ kind: 'unavailable', engine: engine.kind, error: fault.toData() }, false);
        await this.#pause(delayMs);
      }
    }
  }

  async #watch(signal: AbortSignal, onAlive: () => void): Promise<void> {
    const { engine, onChange } = this.#options;
    // The list is asked for right away as well: an engine may have nothing to tell for hours.
    onChange();
    for await (const { projects } of watchAll(engine, signal)) {
      onAlive();
      if (signal.aborted) return;
      onChange(projects);
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    const wait = this.#options.delay ?? sleep;
    await wait(milliseconds, this.#wake.signal);
    if (!this.#ended.signal.aborted && this.#wake.signal.aborted) this.#wake = new AbortController();
  }
}

function watchAll(engine: StackEngine, signal: AbortSignal): AsyncIterable<ProjectsChange> {
  return engine.watchAll?.(signal) ?? engine.watch('', signal);
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });
}
