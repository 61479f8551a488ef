import { GatewayError } from '../../gateway-error.ts';
import type { FromWorker } from './worker-protocol.ts';

type Reply = Extract<FromWorker, { id: string }>;
type SingleReply = Extract<Reply, { type: 'embedded' | 'counted' }>;
export type GenerationReply = Extract<Reply, { type: 'delta' | 'call' | 'done' }>;
type Given = Exclude<Reply, { type: 'failed' }>;

interface Listener {
  readonly push: (event: Reply) => void;
  readonly fail: (error: Error) => void;
}

/** Sorts what the worker says by request, each an async iterable that ends when the worker has ended that request. */
export class WorkerReplies {
  readonly #listeners = new Map<string, Listener>();
  /** Why no more replies will come. */
  #failure: Error | undefined;

  /** The words of an answer, and how it ended. */
  generation(id: string, signal: AbortSignal, abortWorker: () => void): AsyncGenerator<GenerationReply> {
    return this.#open(id, signal, abortWorker) as AsyncGenerator<GenerationReply>;
  }

  /** The one reply to what is answered at once. */
  async single(
    id: string,
    signal: AbortSignal,
    abortWorker: () => void,
    ask: () => void,
  ): Promise<SingleReply> {
    const replies = this.#open(id, signal, abortWorker);
    ask();
    for await (const reply of replies) return reply as SingleReply;
    throw signal.reason;
  }

  /**
   * Opens the replies to a request. An abort tells the worker and then waits for its last word, so that the caller's slot
   * is not given away while the model still works on it.
   */
  #open(id: string, signal: AbortSignal, abortWorker: () => void): AsyncGenerator<Given> {
    const pending: Reply[] = [];
    let failure = this.#failure;
    let wake: () => void = () => undefined;
    // A second listener would take the words of the first, which then waits for ever.
    if (this.#listeners.has(id)) throw new Error(`The worker was asked twice under the id ${id}.`);
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
    const next = async (): Promise<Reply> => {
      while (pending.length === 0) {
        if (failure !== undefined) throw failure;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return pending.shift() as Reply;
    };
    async function* replies(): AsyncGenerator<Given> {
      signal.addEventListener('abort', abortWorker, { once: true });
      if (signal.aborted) abortWorker();
      let hasEnded = false;
      try {
        for (;;) {
          const event = await next();
          hasEnded = isLast(event);
          if (event.type === 'failed') throw toError(event, signal);
          if (!signal.aborted) yield event;
          if (hasEnded) return;
        }
      } finally {
        signal.removeEventListener('abort', abortWorker);
        if (!hasEnded && failure === undefined) {
          // The reader stopped early; the model must stop too before the slot is free.
          abortWorker();
          for (;;) {
            const event = await next().catch(() => undefined);
            if (event === undefined || isLast(event)) break;
          }
        }
        listeners.delete(id);
      }
    }
    return replies();
  }

  deliver(event: Reply): void {
    this.#listeners.get(event.id)?.push(event);
  }

  /** Nothing more will come: the worker is gone. */
  failAll(error: Error): void {
    this.#failure = error;
    for (const listener of this.#listeners.values()) listener.fail(error);
  }
}

function isLast({ type }: Reply): boolean {
  return type !== 'delta' && type !== 'call';
}

function toError(event: Extract<FromWorker, { type: 'failed' }>, signal: AbortSignal): unknown {
  switch (event.code) {
    case 'aborted':
      return signal.reason ?? new Error(event.message);
    case 'context_length_exceeded':
      return new GatewayError(
        'context_length_exceeded',
        `The text is longer than the context of the model: ${event.message}`,
        {
          param: 'messages',
          hint: 'Shorten them, use fewer skills, or raise contextSize.',
        },
      );
    case 'unsupported':
      return new GatewayError('unsupported', event.message);
    case 'generation_failed':
      return new GatewayError('generation_failed', `The model could not answer: ${event.message}`);
  }
}
