import type { ConversationEvent } from '../../shared/chat/chat-contract.ts';

/** Text that comes within this time travels together. */
const GATHER_MS = 16;
/** A reader that is this far behind gets the whole conversation anew instead. */
const MAX_WAITING = 500;

interface Reader {
  events: ConversationEvent[];
  wake: () => void;
}

/** Hands what happens in one conversation to any number of readers; a slow reader gets the same text in larger pieces. */
export class ConversationFeed {
  readonly #readers = new Set<Reader>();
  readonly #snapshot: () => ConversationEvent;
  #isClosed = false;

  constructor(snapshot: () => ConversationEvent) {
    this.#snapshot = snapshot;
  }

  get readerCount(): number {
    return this.#readers.size;
  }

  publish(event: ConversationEvent): void {
    for (const reader of this.#readers) {
      append(reader.events, event);
      if (reader.events.length > MAX_WAITING) reader.events = [this.#snapshot()];
      reader.wake();
    }
  }

  /** Everybody gets the conversation as it is now, e.g. after it was cut back. */
  publishSnapshot(): void {
    for (const reader of this.#readers) {
      reader.events = [this.#snapshot()];
      reader.wake();
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const reader of this.#readers) reader.wake();
  }

  async *read(signal?: AbortSignal): AsyncGenerator<ConversationEvent, void, void> {
    const reader: Reader = { events: [this.#snapshot()], wake: () => {} };
    const onAbort = () => reader.wake();
    this.#readers.add(reader);
    signal?.addEventListener('abort', onAbort);
    try {
      for (;;) {
        if (signal?.aborted) return;
        const { events } = reader;
        reader.events = [];
        yield* events;
        if (events.length > 0) await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
        if (reader.events.length > 0) continue;
        if (this.#isClosed || signal?.aborted) return;
        await new Promise<void>((resolve) => {
          reader.wake = resolve;
        });
      }
    } finally {
      this.#readers.delete(reader);
      signal?.removeEventListener('abort', onAbort);
    }
  }
}

function append(events: ConversationEvent[], event: ConversationEvent): void {
  const last = events.at(-1);
  if (event.kind === 'delta' && last?.kind === 'delta' && last.messageId === event.messageId)
    events[events.length - 1] = { ...last, text: last.text + event.text };
  else events.push(event);
}
