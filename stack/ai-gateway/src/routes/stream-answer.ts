import type { FastifyReply } from 'fastify';
import type { DialectStream } from '../dialects/dialect.ts';
import type { GatewayError } from '../gateway-error.ts';
import { type EventStream, openEventStream, type StreamTimes } from '../http/event-stream.ts';
import type { JsonObject } from '../json.ts';
import type { GenerationRun } from '../pipeline/generation-run.ts';

export interface StreamAnswerOptions {
  readonly run: GenerationRun;
  readonly reply: FastifyReply;
  readonly words: DialectStream;
  readonly headers: () => Record<string, string>;
  readonly times: StreamTimes;
  readonly signal: AbortSignal;
}

/**
 * A streamed answer that begins with its first word. Until then a failure can still be told by its status, which clients
 * know how to retry; when no word comes for long, signs of life are worth more, and the stream begins without one.
 */
export class StreamAnswer {
  readonly #options: StreamAnswerOptions;
  readonly #timer: NodeJS.Timeout | undefined;
  #stream: EventStream | undefined;

  constructor(options: StreamAnswerOptions) {
    this.#options = options;
    const { pingMs } = options.times;
    if (pingMs > 0) this.#timer = setTimeout(() => this.#open(), pingMs);
  }

  /** Whether the status has been sent. */
  get isOpen(): boolean {
    return this.#stream !== undefined;
  }

  async send(chunks: AsyncIterable<JsonObject> | Iterable<JsonObject>): Promise<void> {
    const { run, words } = this.#options;
    let index = 0;
    for await (const chunk of chunks) {
      const events = words.chunk(run.annotate(chunk, index));
      await this.#open().send(events);
      index += 1;
    }
  }

  end(): void {
    this.#open().end(this.#options.words.end());
  }

  fail(error: GatewayError): void {
    this.#open().end(this.#options.words.fail(error));
  }

  /** Whatever went wrong, a stream that has begun does not stay open. */
  dispose(): void {
    clearTimeout(this.#timer);
    const { raw } = this.#options.reply;
    if (this.isOpen && !raw.writableEnded) raw.destroy();
  }

  #open(): EventStream {
    if (this.#stream !== undefined) return this.#stream;
    clearTimeout(this.#timer);
    const { headers, reply, signal, times } = this.#options;
    reply.hijack();
    this.#stream = openEventStream(reply.raw, headers(), times, signal);
    return this.#stream;
  }
}
