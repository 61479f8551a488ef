import { AppError, fromAppErrorData } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { EngineStatus } from '../../shared/stack/stack-snapshot.ts';
import type { StackEngine } from '../engine/stack-engine.ts';
import { type Logger, silentLogger } from '../lifetime/logger.ts';
import { EngineLink, type EngineLinkOptions } from './engine-link.ts';

export interface EngineHubDeps {
  readonly engine: StackEngine;
  readonly logger?: Logger;
  readonly reconnectDelay?: EngineLinkOptions['delay'];
}

export interface EngineListener {
  /** The connection came up, broke or moved to another engine. */
  onStatus?(status: EngineStatus): void;
  /** The project may have changed. */
  onChange?(concerns: (projectName: string) => boolean): void;
}

/**
 * The one engine of all projects: one connection, one subscription to its events, handed on by project.
 *
 * Owns the engine that it was given last: `dispose` and `use` end it.
 */
export class EngineHub {
  readonly #deps: EngineHubDeps;
  readonly #logger: Logger;
  readonly #listeners = new Set<EngineListener>();
  #engine: StackEngine;
  #status: EngineStatus;
  #link: EngineLink | undefined;
  #isRemote = false;
  #leases = 0;
  #disposed = false;

  constructor(deps: EngineHubDeps) {
    this.#deps = deps;
    this.#logger = deps.logger ?? silentLogger;
    this.#engine = deps.engine;
    this.#status = { kind: 'connecting', engine: deps.engine.kind };
  }

  get engine(): StackEngine {
    return this.#engine;
  }

  get status(): EngineStatus {
    return this.#status;
  }

  /** Published ports are on another machine than this one. */
  get isRemote(): boolean {
    return this.#isRemote;
  }

  /** Begins to follow the engine, which need not be there; does nothing the second time. */
  connect(): void {
    if (this.#link !== undefined || this.#disposed) return;
    this.#link = new EngineLink({
      engine: this.#engine,
      logger: this.#logger,
      onStatus: (status, isRemote) => {
        this.#isRemote = isRemote;
        this.#setStatus(status);
      },
      onChange: (projects) => {
        const concerns = (name: string) => projects === undefined || projects.includes(name);
        for (const listener of [...this.#listeners]) listener.onChange?.(concerns);
      },
      ...(this.#deps.reconnectDelay === undefined ? {} : { delay: this.#deps.reconnectDelay }),
    });
  }

  /** Waits while the connection is being made. Rejects with the reason while there is none. */
  async ready(signal: AbortSignal): Promise<StackEngine> {
    this.connect();
    while (this.#status.kind === 'connecting') await this.#nextStatus(signal);
    if (this.#status.kind === 'connected') return this.#engine;
    throw fromAppErrorData(this.#status.error);
  }

  /** Returns how to stop. */
  listen(listener: EngineListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tries again now instead of after the pause. */
  retryNow(): void {
    this.#link?.retryNow();
  }

  /** Keeps the engine from being exchanged until the returned function is called. */
  lease(): () => void {
    let held = true;
    this.#leases += 1;
    return () => {
      if (held) this.#leases -= 1;
      held = false;
    };
  }

  /** @throws AppError `operation.busy` while something runs on the engine. */
  requireIdle(): void {
    if (this.#leases > 0) throw new AppError('operation.busy', phrase('stack_busy'));
  }

  /**
   * Takes another engine from now on; what runs on the old one ends as that engine ends (see its `dispose`).
   *
   * @throws AppError `operation.busy` while something runs on the old one; the new one is disposed of then.
   */
  async use(engine: StackEngine): Promise<void> {
    try {
      this.requireIdle();
    } catch (error) {
      await engine.dispose();
      throw error;
    }
    const [old, oldLink] = [this.#engine, this.#link];
    this.#engine = engine;
    this.#link = undefined;
    this.#setStatus({ kind: 'connecting', engine: engine.kind });
    await oldLink?.close();
    if (old !== engine) await old.dispose();
    this.connect();
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#link?.close();
    this.#listeners.clear();
    await this.#engine.dispose();
  }

  #setStatus(status: EngineStatus): void {
    this.#status = status;
    for (const listener of [...this.#listeners]) listener.onStatus?.(status);
  }

  #nextStatus(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => () => {
        unlisten();
        signal.removeEventListener('abort', aborted);
        settle();
      };
      const unlisten = this.listen({ onStatus: end(resolve) });
      const aborted = end(() => reject(signal.reason));
      if (signal.aborted) aborted();
      else signal.addEventListener('abort', aborted, { once: true });
    });
  }
}
