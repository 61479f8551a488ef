import { LRUCache } from 'lru-cache';
import type { JsonObject } from '../json.ts';
import type { Operation } from '../pipeline/generation-request.ts';

/** All that the answer to the same bytes depends on besides them. */
export interface ReadyKey {
  /** Principal and path. */
  readonly caller: string;
  /** The body as it was sent. */
  readonly text: string;
  /** Changes with the configuration, the skills and the backends' models. */
  readonly epoch: string;
}

export interface ReadyAnswer {
  readonly epoch: string;
  readonly expiresAt: number;
  readonly storedAt: number;
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[];
  /** For reports. */
  readonly backend: string | undefined;
  readonly generation: number;
  readonly operation: Operation;
  readonly model: string | undefined;
  readonly skills: readonly string[];
  /** The body around the request id, which is the only thing that is new each time. */
  readonly before: string;
  readonly after: string;
}

const MAX_BYTES = 16 * 1024 * 1024;
const MAX_TEXT = 64 * 1024;
const ENTRY_BYTES = 600;
const MARK = '\u0000request-id\u0000';

/**
 * Answers as they are sent, found by the bytes of the request: a cache hit that neither reads nor writes JSON.
 *
 * Only what the answer cache holds is ever put here, with an end no later than there.
 */
export class ReadyAnswers {
  readonly #entries = new LRUCache<string, ReadyAnswer>({
    maxSize: MAX_BYTES,
    sizeCalculation: ({ after, before }, key) =>
      2 * (before.length + after.length + key.length) + ENTRY_BYTES,
  });
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  find({ caller, epoch, text }: ReadyKey): ReadyAnswer | undefined {
    const key = `${caller}\n${text}`;
    const found = this.#entries.get(key);
    if (found === undefined) return undefined;
    if (found.epoch === epoch && found.expiresAt > this.#now()) return found;
    this.#entries.delete(key);
    return undefined;
  }

  /** @param body the whole answer in the API's own form, with the request id in `skilldeck.requestId` */
  put(
    { caller, epoch, text }: ReadyKey,
    body: JsonObject,
    answer: Omit<ReadyAnswer, 'after' | 'before' | 'epoch'>,
  ): void {
    if (text.length > MAX_TEXT) return;
    const own = body.skilldeck as JsonObject | undefined;
    const marked = own === undefined ? body : { ...body, skilldeck: { ...own, requestId: MARK } };
    const [before, after, more] = JSON.stringify(marked).split(JSON.stringify(MARK));
    // The words of the answer hold the mark, too: not worth more than leaving it out.
    if (before === undefined || more !== undefined || (own !== undefined && after === undefined)) return;
    this.#entries.set(`${caller}\n${text}`, { epoch, before, after: after ?? '', ...answer });
  }

  clear(): void {
    this.#entries.clear();
  }
}

/** The body for this request. */
export function readyText({ after, before }: ReadyAnswer, requestId: string): string {
  return after === '' ? before : `${before}${JSON.stringify(requestId)}${after}`;
}
