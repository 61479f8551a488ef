import { EventPublisher } from '@orpc/server';
import type { AppEvent } from '../../../shared/app/app-contract.ts';

/** What main tells the window unasked. At most 100 events wait for a window that does not listen. */
export class AppEvents {
  readonly #publisher = new EventPublisher<{ event: AppEvent }>({ maxBufferedEvents: 100 });

  send(event: AppEvent): void {
    this.#publisher.publish('event', event);
  }

  async *subscribe(signal: AbortSignal | undefined): AsyncGenerator<AppEvent, void, void> {
    try {
      yield* this.#publisher.subscribe('event', { signal });
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
  }
}
