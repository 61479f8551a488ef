import type { BackendAnswer } from '../backends/backend.ts';
import { answerChunks } from '../dialects/answers/answer-chunks.ts';
import { AnswerCollector } from '../dialects/answers/collect-answer.ts';
import { GatewayError } from '../gateway-error.ts';
import type { JsonObject } from '../json.ts';

/** What is kept of an answer for those who come later, and how far a reader may lag behind; bytes of JSON. */
const MAX_KEPT_BYTES = 4 * 1024 * 1024;

interface KeptChunk {
  readonly chunk: JsonObject;
  readonly bytes: number;
}

/**
 * One call to a backend whose answer several callers get, those that come later from its beginning.
 *
 * The backend is asked for chunks at the pace of the fastest reader. It is told to stop when the last reader has left.
 */
export class SharedAnswer {
  readonly #controller: AbortController;
  readonly #chunks: KeptChunk[] = [];
  /** Where each reader of the stream is. */
  readonly #positions = new Map<object, number>();
  #collector: AnswerCollector | undefined = new AnswerCollector();
  /** How many of the first chunks are forgotten. */
  #forgotten = 0;
  #keptBytes = 0;
  readonly #opened: Promise<BackendAnswer['kind']>;
  #bytes = 0;
  #readers = 0;
  #body: JsonObject | undefined;
  #pump: AsyncIterator<JsonObject> | undefined;
  #pulling: Promise<void> | undefined;
  #failure: unknown;
  #hasFailed = false;
  #hasBegun = false;
  #hasEnded = false;
  #onEnd: ((body: JsonObject | undefined) => void) | undefined;

  /**
   * @param controller aborts the call
   * @param onEnd told once, with the whole answer where there is one
   */
  constructor(
    call: Promise<BackendAnswer>,
    controller: AbortController,
    onEnd: (body: JsonObject | undefined) => void,
  ) {
    this.#controller = controller;
    this.#onEnd = onEnd;
    this.#opened = call.then((answer) => {
      if (answer.kind === 'stream') {
        this.#pump = answer.chunks[Symbol.asyncIterator]();
        if (controller.signal.aborted) this.#stop(controller.signal.reason);
      } else {
        this.#body = answer.body;
        this.#end(answer.body);
      }
      return answer.kind;
    });
    this.#opened.catch((error: unknown) => this.#fail(error));
  }

  /** Too much has been said to tell it again from the beginning, or it is over: a new caller asks anew. */
  get isJoinable(): boolean {
    return !this.#hasFailed && !this.#controller.signal.aborted && this.#bytes <= MAX_KEPT_BYTES;
  }

  /** The answer for one more caller, in the form that it asks for. Its signal makes it leave. */
  async join(isStream: boolean, signal: AbortSignal): Promise<BackendAnswer> {
    const leave = this.#enter(signal);
    try {
      await settled(this.#opened, signal);
      if (isStream) return { kind: 'stream', chunks: this.#read(signal, leave) };
      const body = this.#body ?? (await this.#whole(signal));
      leave();
      return { kind: 'whole', body };
    } catch (error) {
      leave();
      throw error;
    }
  }

  #enter(signal: AbortSignal): () => void {
    let isIn = true;
    this.#readers += 1;
    const leave = (): void => {
      if (!isIn) return;
      isIn = false;
      signal.removeEventListener('abort', leave);
      this.#readers -= 1;
      if (this.#readers === 0) this.#stop(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    return leave;
  }

  async *#read(signal: AbortSignal, leave: () => void): AsyncGenerator<JsonObject> {
    try {
      if (this.#body !== undefined) {
        yield* answerChunks(this.#body);
        return;
      }
      for (let index = 0; ; index += 1) {
        this.#positions.set(leave, index);
        while (index >= this.#forgotten + this.#chunks.length && !this.#hasEnded)
          await settled(this.#pull(), signal);
        if (index < this.#forgotten) throw tooSlow();
        const kept = this.#chunks[index - this.#forgotten];
        if (kept === undefined) {
          if (this.#hasFailed) throw this.#failure;
          return;
        }
        yield kept.chunk;
      }
    } finally {
      this.#positions.delete(leave);
      leave();
    }
  }

  async #whole(signal: AbortSignal): Promise<JsonObject> {
    while (!this.#hasEnded) await settled(this.#pull(), signal);
    if (this.#hasFailed) throw this.#failure;
    if (this.#collector !== undefined) return this.#collector.body();
    throw new GatewayError('upstream_error', 'The answer was too long to be shared.', {
      hint: 'Send Cache-Control: no-store to have an answer of your own.',
    });
  }

  /** The next chunk, for all who wait for it. */
  #pull(): Promise<void> {
    this.#pulling ??= this.#pullOne().finally(() => {
      this.#pulling = undefined;
    });
    return this.#pulling;
  }

  async #pullOne(): Promise<void> {
    try {
      this.#hasBegun = true;
      const next = await this.#pump?.next();
      if (next === undefined || next.done === true) {
        this.#end(this.#collector?.body());
        return;
      }
      this.#keep(next.value);
    } catch (error) {
      this.#fail(error);
    }
  }

  #keep(chunk: JsonObject): void {
    const bytes = JSON.stringify(chunk).length;
    this.#chunks.push({ chunk, bytes });
    this.#bytes += bytes;
    this.#keptBytes += bytes;
    if (this.#bytes <= MAX_KEPT_BYTES) {
      this.#collector?.add(chunk);
      return;
    }
    // Nobody can join any more: what all readers have is not needed again, and who lags too far is left behind.
    this.#collector = undefined;
    const slowest = Math.min(...this.#positions.values());
    while (this.#forgotten < slowest || this.#keptBytes > MAX_KEPT_BYTES) {
      const first = this.#chunks.shift();
      if (first === undefined) return;
      this.#forgotten += 1;
      this.#keptBytes -= first.bytes;
    }
  }

  /** Nobody listens any more. An abort alone does not reach a backend whose last chunk nobody has asked to follow. */
  #stop(reason: unknown): void {
    if (!this.#hasEnded) this.#controller.abort(reason);
    if (this.#pump !== undefined) void leave(this.#pump, this.#hasBegun);
    this.#fail(reason);
  }

  #fail(error: unknown): void {
    if (this.#hasEnded) return;
    this.#failure = error;
    this.#hasFailed = true;
    this.#end(undefined);
  }

  #end(body: JsonObject | undefined): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const onEnd = this.#onEnd;
    this.#onEnd = undefined;
    onEnd?.(body);
  }
}

/** Lets the backend's side run its own end; a generator that is left before it has begun would do nothing. */
async function leave(pump: AsyncIterator<JsonObject>, hasBegun: boolean): Promise<void> {
  try {
    if (!hasBegun) await pump.next();
    await pump.return?.();
  } catch {
    // It was ended; that is what was wanted.
  }
}

/** The promise, or the end of the caller's patience. */
function settled<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const handleAbort = (): void => reject(signal.reason);
    if (signal.aborted) return handleAbort();
    signal.addEventListener('abort', handleAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', handleAbort));
  });
}

function tooSlow(): GatewayError {
  return new GatewayError('client_too_slow', 'The answer was read too slowly and is no longer kept.', {
    hint: 'Send Cache-Control: no-store to have an answer of your own.',
  });
}
