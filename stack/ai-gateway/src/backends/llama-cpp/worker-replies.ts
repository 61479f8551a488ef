import { GatewayError } from '../../gateway-error.ts';
import type { FromWorker } from './worker-protocol.ts';

export type WorkerReply = Extract<FromWorker, { type: 'delta' | 'done' }>;

interface Listener {
  readonly push: (event: Extract<FromWorker, { id: string }>) => void;
  readonly fail: (error: Error) => void;
}

/** Sorts what the worker says by request, each an async iterable that ends when the worker has ended that request. */
export class WorkerReplies {
  readonly #listeners = new Map<string, Listener>();

  /**
   * Opens the replies to a request. An abort tells the worker and then waits for its last word, so that the caller's slot
   * is not given away while the model still works on it.
   */
  open(id: string, signal: AbortSignal, abortWorker: () => void): AsyncGenerator<WorkerReply> {
    const pending: Extract<FromWorker, { id: string }>[] = [];
    let failure: Error | undefined;
    let wake: () => void = () => undefined;
    this.#listeners.set(id, {
      push: (event) => {
        pending.push(event);
        wake();
      },
      fail: (error) => {
        failure = error;
        wake();
      },
    });
    const listeners = this.#listeners;
    const next = async (): Promise<Extract<FromWorker, { id: string }>> => {
      while (pending.length === 0) {
        if (failure !== undefined) throw failure;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return pending.shift() as Extract<FromWorker, { id: string }>;
    };
    async function* replies(): AsyncGenerator<WorkerReply> {
      signal.addEventListener('abort', abortWorker, { once: true });
      if (signal.aborted) abortWorker();
      let hasEnded = false;
      try {
        for (;;) {
          const event = await next();
          hasEnded = event.type !== 'delta';
          if (event.type === 'failed') throw toError(event, signal);
          if (!signal.aborted) yield event;
          if (hasEnded) return;
        }
      } finally {
        signal.removeEventListener('abort', abortWorker);
        if (!hasEnded && failure === undefined) {
          // The reader stopped early; the model must stop too before the slot is free.
          abortWorker();
          while ((await next().catch(() => undefined))?.type === 'delta');
        }
        listeners.delete(id);
      }
    }
    return replies();
  }

  deliver(event: Extract<FromWorker, { id: string }>): void {
    this.#listeners.get(event.id)?.push(event);
  }

  failAll(error: Error): void {
    for (const listener of this.#listeners.values()) listener.fail(error);
  }
}

function toError(event: Extract<FromWorker, { type: 'failed' }>, signal: AbortSignal): unknown {
  switch (event.code) {
    case 'aborted':
      return signal.reason ?? new Error(event.message);
    case 'context_length_exceeded':
      return new GatewayError(
        'context_length_exceeded',
        'The messages are longer than the context of the model.',
        {
          param: 'messages',
          hint: 'Shorten them, use fewer skills, or raise contextSize.',
        },
      );
    case 'generation_failed':
      return new GatewayError('generation_failed', `The model could not answer: ${event.message}`);
  }
}
