import type { GatewayError } from '../../../gateway-error.ts';
import type { LoadedModel } from '../llama-inference.ts';
import type { Clock } from './clock.ts';
import type { ModelProcess } from './model-process.ts';
import { inUse, stillLoading, unloaded } from './process-faults.ts';
import type { ProcessState } from './process-state.ts';
import { WaitingRoom } from './waiting-room.ts';

export interface ModelAccessOptions {
  readonly process: ModelProcess;
  readonly clock: Clock;
  /** How long a request waits for a load. */
  readonly waitMs: () => number;
}

/** The model for those who want it: they wait together while it is being loaded. */
export class ModelAccess {
  readonly #options: ModelAccessOptions;
  readonly #waiting = new WaitingRoom<void>();

  constructor(options: ModelAccessOptions) {
    this.#options = options;
  }

  /** To be told of each new state of the process. */
  handleState(state: ProcessState): void {
    switch (state.kind) {
      case 'ready':
        this.#waiting.resolveAll();
        return;
      case 'restarting':
      case 'failed':
        this.#waiting.rejectAll(state.error);
        return;
      case 'sleeping':
        this.#waiting.rejectAll(this.#unloaded());
        return;
      case 'loading':
        return;
    }
  }

  /**
   * The model, loaded. All who ask while it is being loaded wait for the same process, each as long as it may.
   *
   * @throws {GatewayError} `model_loading` when the wait was too long, or why it cannot be loaded
   */
  async model(signal: AbortSignal): Promise<LoadedModel> {
    signal.throwIfAborted();
    await this.#untilReady(this.#options.waitMs(), signal);
    const { model } = this.#options.process;
    if (model === undefined) throw this.#unloaded();
    return model;
  }

  /** Loads it now, also when its last attempt failed. Resolves when it is ready. */
  async load(): Promise<void> {
    this.#options.process.startAfresh();
    await this.#untilReady(Number.POSITIVE_INFINITY, undefined);
  }

  /**
   * Ends the process; the next request starts it again. Resolves when its memory is free.
   *
   * @param force also while requests are answered or wait for it; they end with an error
   */
  async unload(force: boolean): Promise<void> {
    const { process } = this.#options;
    const requests = process.openRequests + this.#waiting.size;
    if (requests > 0 && !force) throw inUse(requests);
    await process.sleep();
  }

  #untilReady(limitMs: number, signal: AbortSignal | undefined): Promise<void> {
    const { clock, process } = this.#options;
    if (process.state.kind === 'sleeping') process.start();
    const { state } = process;
    switch (state.kind) {
      case 'ready':
        return Promise.resolve();
      case 'restarting':
      case 'failed':
        return Promise.reject(state.error);
      case 'sleeping':
        // It is disposed of and will not start again.
        return Promise.reject(this.#unloaded());
      case 'loading':
        return this.#waiting.wait({
          clock,
          signal,
          limitMs,
          onLimit: () => {
            const now = process.state;
            return stillLoading(process.modelFile, now.kind === 'loading' ? now.progress : 0);
          },
        });
    }
  }

  #unloaded(): GatewayError {
    return unloaded(this.#options.process.modelFile);
  }
}
