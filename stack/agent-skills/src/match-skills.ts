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

/**
 * Finds the skills that fit a message, best first. Deterministic: the same words always choose the same skills.
 *
 * A term weighs more the fewer skills share it (1 when only one has it, towards 0 when all do), and more in a name than in
 * a description.
 */
export function matchSkills(
  query: string,
  skills: readonly MatchableSkill[],
  options: MatchSkillsOptions = {},
): SkillMatch[] {
  const text = query.slice(0, MAX_QUERY_LENGTH);
  const terms = [...new Set(tokeniseText(text))];
  const indexed = skills.map((skill) => ({
    skill,
    name: new Set(tokeniseText(skill.name)),
    description: new Set(tokeniseText(skill.description)),
  }));
  const weights = new Map(
    terms.map((term) => {
      const holders = indexed.filter(
        ({ name, description }) => name.has(term) || description.has(term),
      ).length;
      return [term, rarity(skills.length, holders)] as const;
    }),
  );
  const matches = indexed.map(({ skill, name, description }) => {
    const nameWeight = name.size === 0 ? 0 : 1 + 2 / name.size;
    const hits = terms.filter((term) => name.has(term) || description.has(term));
    let score = isNamedInFull(text, skill.name) ? NAMED_IN_FULL_BONUS : 0;
    for (const term of hits) score += (weights.get(term) ?? 0) * (name.has(term) ? nameWeight : 1);
    return { name: skill.name, score: Math.round(score * 1000) / 1000, terms: hits };
  });
  const sorted = matches
    .filter((match) => match.score >= (options.threshold ?? DEFAULT_THRESHOLD))
    .sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1));
  const best = sorted[0]?.score ?? 0;
  return sorted
    .filter((match) => match.score >= best * RUNNER_UP_SHARE)
    .slice(0, options.limit ?? DEFAULT_LIMIT);
}

function rarity(total: number, holders: number): number {
  if (holders === 0) return 0;
  const idf = (count: number): number => Math.log(1 + (total - count + 0.5) / (count + 0.5));
  return idf(holders) / idf(1);
}

function isNamedInFull(text: string, name: string): boolean {
  const at = text.toLowerCase().indexOf(name);
  if (at < 0 || !name.includes('-')) return false;
  const around = `${text[at - 1] ?? ' '}${text[at + name.length] ?? ' '}`;
  return !/[a-z0-9-]/i.test(around);
}
