import { LRUCache } from 'lru-cache';
import type { SkillSnapshot } from './skill-snapshot.ts';

const MAX_PINS = 2000;
const FORGOTTEN_MS = 3_600_000;

/** Keeps the skills that a conversation began with, so that an edit does not change it half-way; forgotten an hour after its last request. */
export class ConversationPins {
  readonly #pins = new LRUCache<string, SkillSnapshot>({
    max: MAX_PINS,
    ttl: FORGOTTEN_MS,
    updateAgeOnGet: true,
  });

  /** @param principal whose conversation it is: ids are the callers' own */
  snapshotOf(principal: string, conversation: string, live: SkillSnapshot): SkillSnapshot {
    const key = `${principal}\n${conversation}`;
    const pinned = this.#pins.get(key);
    if (pinned !== undefined) return pinned;
    this.#pins.set(key, live);
    return live;
  }

  /** How many conversations are on each generation. */
  counts(): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    for (const { generation } of this.#pins.values())
      counts.set(generation, (counts.get(generation) ?? 0) + 1);
    return counts;
  }
}
