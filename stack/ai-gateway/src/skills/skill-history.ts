import type { SkillSnapshot } from './skill-snapshot.ts';

export interface PastGeneration {
  readonly snapshot: SkillSnapshot;
  /** Names of skills that differ from the generation before. */
  readonly changed: readonly string[];
}

const KEPT = 50;

/** The last generations, newest first; in memory, as snapshots share their skills. */
export class SkillHistory {
  #past: readonly PastGeneration[] = [];

  get list(): readonly PastGeneration[] {
    return this.#past;
  }

  add(snapshot: SkillSnapshot, changed: readonly string[]): void {
    if (this.#past[0]?.snapshot.generation === snapshot.generation) return;
    this.#past = [{ snapshot, changed }, ...this.#past].slice(0, KEPT);
  }

  find(generation: number): SkillSnapshot | undefined {
    return this.#past.find(({ snapshot }) => snapshot.generation === generation)?.snapshot;
  }
}
