import { createParser } from 'eventsource-parser';
import { TooLarge, type UpstreamExchange } from './upstream-exchange.ts';

/** The `data` of an answer's events, as many at once as have come in. @throws TooLarge, or how the connection failed */
export class EventReader {
  readonly #exchange: UpstreamExchange;
  readonly #decoder = new TextDecoder();
  readonly #parser: ReturnType<typeof createParser>;
  #events: string[] = [];
  #isTooLarge = false;
  readonly #maxEventBytes: number;

  constructor(exchange: UpstreamExchange, maxEventBytes: number) {
    this.#exchange = exchange;
    this.#maxEventBytes = maxEventBytes;
    this.#parser = createParser({
      maxBufferSize: maxEventBytes,
      onEvent: ({ data }) => this.#events.push(data),
      onError: ({ type }) => {
        if (type === 'max-buffer-size-exceeded') this.#isTooLarge = true;
      },
    });
  }

  /** At least one; undefined at the end of the body, where an event that lacks its blank line still counts. */
  async next(): Promise<readonly string[] | undefined> {
    for (;;) {
      const parts = await this.#exchange.read();
      if (parts === undefined) {
        this.#parser.feed(`${this.#decoder.decode()}\n\n`);
        return this.#events.length === 0 ? undefined : this.#take();
      }
      for (const part of parts) {
        this.#parser.feed(this.#decoder.decode(part, { stream: true }));
        if (this.#isTooLarge) throw new TooLarge(this.#maxEventBytes);
      }
      if (this.#events.length > 0) return this.#take();
    }
  }

  #take(): readonly string[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
