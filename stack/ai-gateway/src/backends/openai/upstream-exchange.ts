import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

export interface UpstreamHead {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** Beyond this much unread, the upstream has to wait for the reader. */
const PAUSE_BYTES = 256 * 1024;
/** What a server may still send after its last event without losing the connection for it. */
const TAIL_BYTES = 64 * 1024;
const TAIL_MS = 1000;

/** Reason of an abort that is nobody's fault: the rest of the answer is not wanted. */
class RestUnwanted extends Error {
  override readonly name = 'RestUnwanted';
}

/**
 * One call on a kept connection: the head, then the body in pieces as they arrive, with back-pressure.
 *
 * It sits directly on undici's dispatch: no stream, no iterator and no `AbortError` between the socket and the reader.
 */
export class UpstreamExchange implements Dispatcher.DispatchHandler {
  readonly head: Promise<UpstreamHead>;
  readonly #signal: AbortSignal;
  readonly #resolveHead: (head: UpstreamHead) => void;
  readonly #rejectHead: (error: unknown) => void;
  readonly #handleAbort = (): void => this.#stop(this.#signal.reason);
  #controller: Dispatcher.DispatchController | undefined;
  #parts: Buffer[] = [];
  #waitingBytes = 0;
  #end: { readonly error?: unknown } | undefined;
  #wake: (() => void) | undefined;
  #stopReason: Error | undefined;
  #tailTimer: NodeJS.Timeout | undefined;
  #isTail = false;

  constructor(dispatcher: Dispatcher, options: Dispatcher.DispatchOptions, signal: AbortSignal) {
    this.#signal = signal;
    let resolveHead: (head: UpstreamHead) => void = () => undefined;
    let rejectHead: (error: unknown) => void = () => undefined;
    this.head = new Promise((resolve, reject) => {
      resolveHead = resolve;
      rejectHead = reject;
    });
    this.#resolveHead = resolveHead;
    this.#rejectHead = rejectHead;
    if (signal.aborted) {
      this.#finish({ error: signal.reason });
      return;
    }
    signal.addEventListener('abort', this.#handleAbort, { once: true });
    dispatcher.dispatch(options, this);
  }

  /** What has come since the last call, at least one piece; undefined at the end. Throws how the connection failed. */
  async read(): Promise<readonly Buffer[] | undefined> {
    if (this.#parts.length === 0 && this.#end === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#parts.length > 0) {
      const parts = this.#parts;
      this.#parts = [];
      this.#waitingBytes = 0;
      if (this.#controller?.paused === true) this.#controller.resume();
      return parts;
    }
    if (this.#end?.error !== undefined) throw this.#end.error;
    return undefined;
  }

  /** The answer is complete; the connection is kept if the server ends its body soon. */
  release(): void {
    if (this.#end !== undefined) return;
    this.#isTail = true;
    this.#parts = [];
    this.#tailTimer = setTimeout(() => this.close(), TAIL_MS);
    this.#tailTimer.unref();
    if (this.#controller?.paused === true) this.#controller.resume();
  }

  /** Hangs up, unless the answer has ended. */
  close(): void {
    if (this.#end === undefined) this.#stop(new RestUnwanted('The rest of the answer is not wanted.'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Aborted while the connection was being made.
    if (this.#stopReason !== undefined) controller.abort(this.#stopReason);
  }

  onResponseStart(_controller: unknown, status: number, headers: IncomingHttpHeaders): void {
    // 1xx only announces the answer.
    if (status >= 200) this.#resolveHead({ status, headers });
  }

  onResponseData(controller: Dispatcher.DispatchController, part: Buffer): void {
    this.#waitingBytes += part.length;
    if (this.#isTail) {
      if (this.#waitingBytes > TAIL_BYTES) this.close();
      return;
    }
    this.#parts.push(part);
    if (this.#waitingBytes > PAUSE_BYTES) controller.pause();
    this.#notify();
  }

  onResponseEnd(): void {
    this.#finish({});
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#finish({ error });
  }

  #stop(reason: unknown): void {
    const error = reason instanceof Error ? reason : new Error(String(reason));
    this.#stopReason = error;
    this.#controller?.abort(error);
    this.#finish({ error });
  }

  #finish(end: { readonly error?: unknown }): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#signal.removeEventListener('abort', this.#handleAbort);
    clearTimeout(this.#tailTimer);
    // Has no effect once the head is there.
    this.#rejectHead(end.error);
    this.#notify();
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

/** The whole body. @throws TooLarge, or how the connection failed */
export async function readAll(exchange: UpstreamExchange, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for (;;) {
    const read = await exchange.read();
    if (read === undefined) break;
    for (const part of read) {
      length += part.length;
      if (length > maxBytes) {
        exchange.close();
        throw new TooLarge(maxBytes);
      }
      parts.push(part);
    }
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts, length);
}

/** The start of a body, for a message; the rest is not read. */
export async function readStart(exchange: UpstreamExchange, maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    while (length < maxBytes) {
      const read = await exchange.read();
      if (read === undefined) break;
      for (const part of read) length += part.length;
      parts.push(...read);
    }
  } catch {
    // What has come is enough for a message.
  }
  exchange.close();
  return Buffer.concat(parts).subarray(0, maxBytes).toString('utf8');
}

/** An answer, or one event of it, that is larger than it may be. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`More than ${maxBytes} bytes.`);
    this.maxBytes = maxBytes;
  }
}
