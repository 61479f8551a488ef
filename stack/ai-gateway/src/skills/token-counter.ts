import { createHash } from 'node:crypto';
import { estimateTokens } from '@skilldeck/agent-skills';
import { LRUCache } from 'lru-cache';
import type { Backend } from '../backends/backend.ts';

const MAX_KEPT = 5000;
/** Of the texts whose digests are kept; files of skills may be long. */
const MAX_KEPT_CHARACTERS = 16 * 1024 * 1024;
const MAX_UNDER_WAY = 4;
const LIMIT_MS = 5000;

/**
 * Tokens of texts that come again and again (skills, their catalogue), counted by the backend's own tokenizer.
 *
 * Never waits: the first answer for a text is an estimate, and the count is asked for in the background.
 */
export class TokenCounter {
  /** `none`: the backend has no tokenizer to ask. */
  readonly #counts = new LRUCache<string, number | 'none'>({ max: MAX_KEPT });
  readonly #asked = new Set<string>();

  /** @param backend whose tokenizer it is; undefined or not ready: an estimate */
  of(text: string, backend: Backend | undefined): number {
    const key = keyOf(text, backend);
    const known = this.#counts.get(key);
    if (typeof known === 'number') return known;
    if (known === undefined && backend !== undefined) this.#ask(key, text, backend);
    return estimateTokens(text);
  }

  /** Whether the number that `of` gives is the backend's own. */
  isCounted(text: string, backend: Backend | undefined): boolean {
    return typeof this.#counts.get(keyOf(text, backend)) === 'number';
  }

  #ask(key: string, text: string, backend: Backend): void {
    if (backend.state.kind !== 'ready' || this.#asked.has(key) || this.#asked.size >= MAX_UNDER_WAY) return;
    this.#asked.add(key);
    backend
      .countTokens(text, AbortSignal.timeout(LIMIT_MS))
      .then((count) => this.#counts.set(key, count ?? 'none'))
      // The estimate serves; a later request asks again.
      .catch(() => undefined)
      .finally(() => this.#asked.delete(key));
  }
}

const digests = new LRUCache<string, string>({
  max: MAX_KEPT,
  maxSize: MAX_KEPT_CHARACTERS,
  sizeCalculation: (_digest, text) => text.length + 1,
});

function keyOf(text: string, backend: Backend | undefined): string {
  let digest = digests.get(text);
  if (digest === undefined) {
    digest = createHash('sha256').update(text).digest('base64');
    digests.set(text, digest);
  }
  return `${backend?.name} ${backend?.digestOf(undefined) ?? backend?.model?.id} ${digest}`;
}
