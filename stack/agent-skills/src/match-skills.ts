import { tokeniseText } from './tokenise-text.ts';

export interface MatchableSkill {
  readonly name: string;
  readonly description: string;
}

export interface SkillMatch {
  readonly name: string;
  readonly score: number;
  /** The terms that decided, for showing why. */
  readonly terms: readonly string[];
}

export interface MatchSkillsOptions {
  /** A match below this is chance. One unique term of a two-word name reaches it, as do two unique terms of a description. */
  readonly threshold?: number;
  readonly limit?: number;
}

const DEFAULT_THRESHOLD = 2;
const DEFAULT_LIMIT = 2;
/** A second skill counts only when it is nearly as good as the best. */
const RUNNER_UP_SHARE = 0.6;
const NAMED_IN_FULL_BONUS = 5;
/** A long message is about what it says first; the bound also keeps the cost flat. */
const MAX_QUERY_LENGTH = 4000;
/** BM25's usual: how soon a repeated term stops counting, and how much a long description is held against it. */
const K1 = 1.2;
const B = 0.75;

interface IndexedSkill {
  readonly name: string;
  readonly nameTerms: ReadonlySet<string>;
  /** How often each term stands in the description. */
  readonly counts: ReadonlyMap<string, number>;
  readonly length: number;
}

/**
 * Finds the skills that fit a message, best first. Deterministic: the same words always choose the same skills.
 *
 * Okapi BM25 over the descriptions, with the rarity of a term scaled so that one that only one skill has weighs 1; a term
 * of the name weighs more. Made once per set of skills: a message then costs what its own terms cost.
 */
export class SkillIndex {
  readonly #skills: readonly IndexedSkill[];
  /** Of each term, which skills have it, in name or description. */
  readonly #holders = new Map<string, number[]>();
  readonly #averageLength: number;

  constructor(skills: readonly MatchableSkill[]) {
    this.#skills = skills.map(({ description, name }) => {
      const terms = tokeniseText(description);
      const counts = new Map<string, number>();
      for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
      return { name, nameTerms: new Set(tokeniseText(name)), counts, length: terms.length };
    });
    for (const [index, { counts, nameTerms }] of this.#skills.entries())
      for (const term of new Set([...counts.keys(), ...nameTerms])) {
        const holders = this.#holders.get(term);
        if (holders === undefined) this.#holders.set(term, [index]);
        else holders.push(index);
      }
    const lengths = this.#skills.reduce((sum, { length }) => sum + length, 0);
    this.#averageLength = Math.max(1, lengths / Math.max(1, this.#skills.length));
  }

  match(query: string, options: MatchSkillsOptions = {}): SkillMatch[] {
    const { limit = DEFAULT_LIMIT, threshold = DEFAULT_THRESHOLD } = options;
    const sorted = this.score(query)
      .filter(({ score }) => score >= threshold)
      .sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1));
    const best = sorted[0]?.score ?? 0;
    return sorted.filter(({ score }) => score >= best * RUNNER_UP_SHARE).slice(0, limit);
  }

  /** Every skill that shares a term with the text, in no order. */
  score(query: string): SkillMatch[] {
    const text = query.slice(0, MAX_QUERY_LENGTH);
    const found = new Map<number, { score: number; terms: string[] }>();
    const of = (index: number) => {
      const known = found.get(index) ?? { score: 0, terms: [] };
      found.set(index, known);
      return known;
    };
    for (const term of new Set(tokeniseText(text))) {
      const holders = this.#holders.get(term) ?? [];
      const weight = rarity(this.#skills.length, holders.length);
      for (const index of holders) {
        const match = of(index);
        match.score += weight * this.#share(index, term);
        match.terms.push(term);
      }
    }
    const lower = text.toLowerCase();
    for (const [index, { name }] of this.#skills.entries())
      if (isNamedInFull(lower, name)) of(index).score += NAMED_IN_FULL_BONUS;
    return [...found].map(([index, { score, terms }]) => ({
      name: this.#skills[index]?.name ?? '',
      score: Math.round(score * 1000) / 1000,
      terms,
    }));
  }

  #share(index: number, term: string): number {
    const skill = this.#skills[index];
    if (skill === undefined) return 0;
    if (skill.nameTerms.has(term)) return 1 + 2 / skill.nameTerms.size;
    const count = skill.counts.get(term) ?? 0;
    const norm = 1 - B + (B * skill.length) / this.#averageLength;
    return (count * (K1 + 1)) / (count + K1 * norm);
  }
}

/** {@link SkillIndex} for one message. */
export function matchSkills(
  query: string,
  skills: readonly MatchableSkill[],
  options: MatchSkillsOptions = {},
): SkillMatch[] {
  return new SkillIndex(skills).match(query, options);
}

function rarity(total: number, holders: number): number {
  if (holders === 0) return 0;
  const idf = (count: number): number => Math.log(1 + (total - count + 0.5) / (count + 0.5));
  return idf(holders) / idf(1);
}

function isNamedInFull(lower: string, name: string): boolean {
  if (!name.includes('-')) return false;
  const at = lower.indexOf(name);
  if (at < 0) return false;
  const around = `${lower[at - 1] ?? ' '}${lower[at + name.length] ?? ' '}`;
  return !/[a-z0-9-]/.test(around);
}
