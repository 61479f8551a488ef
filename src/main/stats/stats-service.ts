import type { StatsSample } from '../../shared/stats/stats-contract.ts';
import type { StackEngine } from '../engine/stack-engine.ts';
import type { Logger } from '../lifetime/logger.ts';
import { StatePublisher } from '../rpc/state-publisher.ts';
import { sumByService } from './sum-by-service.ts';

export interface StatsServiceDeps {
  readonly engine: () => Pick<StackEngine, 'stats'>;
  readonly projectName: () => string;
  readonly logger: Logger;
  readonly now?: () => number;
  readonly intervalMs?: number;
}

const INTERVAL_MS = 2000;

/** Measures the stack every two seconds while somebody listens, once for all listeners; otherwise never. */
export class StatsService {
  readonly #deps: StatsServiceDeps;
  readonly #disposed = new AbortController();
  readonly #samples = new StatePublisher<StatsSample | undefined>(undefined, 0);
  #listeners = 0;
  #polling: AbortController | undefined;

  constructor(deps: StatsServiceDeps) {
    this.#deps = deps;
  }

  get listenerCount(): number {
    return this.#listeners;
  }

  get isMeasuring(): boolean {
    return this.#polling !== undefined;
  }

  async *subscribe(signal: AbortSignal): AsyncGenerator<StatsSample, void, void> {
    this.#listeners += 1;
    if (!this.#polling) this.#startPolling();
    try {
      const ends = AbortSignal.any([signal, this.#disposed.signal]);
      for await (const sample of this.#samples.subscribe(ends)) if (sample) yield sample;
    } finally {
      this.#listeners -= 1;
      if (this.#listeners === 0) this.#stopPolling();
    }
  }

  dispose(): void {
    this.#disposed.abort();
    this.#stopPolling();
  }

  #startPolling(): void {
    if (this.#disposed.signal.aborted) return;
    const controller = new AbortController();
    this.#polling = controller;
    void this.#poll(controller.signal);
  }

  #stopPolling(): void {
    this.#polling?.abort();
    this.#polling = undefined;
    // A listener that comes later must not start with an old measurement.
    this.#samples.publish(undefined);
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const { engine, projectName, logger, now = Date.now, intervalMs = INTERVAL_MS } = this.#deps;
    while (!signal.aborted) {
      try {
        const services = sumByService(await engine().stats(projectName(), signal));
        if (!signal.aborted) this.#samples.publish({ at: now(), services });
      } catch (error) {
        // The stack's own state tells that the engine is gone; measuring goes on when it is back.
        if (!signal.aborted) logger.debug({ err: error }, 'measuring the services failed');
      }
      await pause(intervalMs, signal);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal.aborted) done();
    else signal.addEventListener('abort', done, { once: true });
  });
}
