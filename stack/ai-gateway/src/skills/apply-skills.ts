import { SkillIndex, type SkillMatch, type SkillSelection } from '@skilldeck/agent-skills';
import { GatewayError } from '../gateway-error.ts';
import type { ChatMessage } from '../pipeline/generation-request.ts';
import type { Activation } from './choose-activation.ts';
import { addToSystemMessage, lastUserIndex, textOf, withText } from './message-text.ts';
import type { LiveSkill, SkillSnapshot } from './skill-snapshot.ts';

export interface ApplySkillsOptions {
  readonly maxActivated: number;
  /** Of the list of all skills; beyond it descriptions are shortened, then left out. */
  readonly catalogueTokens: number;
  /** Of the texts of the skills that are applied. What was matched and does not fit is left out; the rest must fit. */
  readonly maxTokens: number;
  /** `tool`: the model itself asks for the skills it wants. */
  readonly activation: Activation;
  /** Tokens of a text; the backend's own count where that is known. */
  readonly tokensOf: (text: string) => number;
}

/** Why a skill is applied. */
export type SkillCause =
  | { readonly kind: 'named' }
  /** `/name` at the start of the message. */
  | { readonly kind: 'slash' }
  | { readonly kind: 'matched'; readonly score: number; readonly terms: readonly string[] };

export interface AppliedSkill {
  readonly name: string;
  readonly cause: SkillCause;
  readonly tokens: number;
}

export interface AppliedSkills {
  readonly messages: readonly ChatMessage[];
  readonly skills: readonly AppliedSkill[];
  /** Fitted, but there was no room for their texts. */
  readonly leftOut: readonly AppliedSkill[];
  /** The model is to be given the tools that activate skills. */
  readonly byTool: boolean;
}

/** Fixed text: it stands before the catalogue, so that a change of skills leaves the prefix before it cached. */
const INTRODUCTION =
  'Skills are instructions written by the operator of this system. The skills that exist are listed below. ' +
  'Follow the skills whose full text is given for this answer.';
const TOOL_INTRODUCTION =
  'Skills are instructions written by the operator of this system. The skills that exist are listed below. ' +
  'When one fits the task, call activate_skill with its name first and follow what it says.';

/**
 * Chooses the skills of a request and writes them into its system message. Pure and deterministic.
 *
 * @throws GatewayError `skill_not_found`, `skills_too_large`
 */
export function applySkills(
  snapshot: SkillSnapshot,
  selection: SkillSelection,
  given: readonly ChatMessage[],
  options: ApplySkillsOptions,
): AppliedSkills {
  const slash = selection === 'none' ? undefined : slashSkill(snapshot, given);
  const messages = slash?.messages ?? given;
  const nothing: AppliedSkills = { messages, skills: [], leftOut: [], byTool: false };
  if (Array.isArray(selection)) requireAll(snapshot, selection);
  if (selection === 'none' || snapshot.skills.length === 0) return nothing;
  const catalogue = formatCatalogue(snapshot.skills, options);
  // Without the list a model knows no more than names: matching does better.
  const byTool = selection === 'auto' && options.activation === 'tool' && catalogue !== '';
  const chosen = uniqueByName([
    ...(slash === undefined ? [] : [{ skill: slash.skill, cause: { kind: 'slash' } as const }]),
    ...(Array.isArray(selection)
      ? selection.map((name) => ({ skill: find(snapshot, name), cause: { kind: 'named' } as const }))
      : byTool
        ? []
        : matched(snapshot, messages, options)),
  ]);
  if (Array.isArray(selection) && chosen.length === 0) return nothing;
  const { fitting, leftOut } = withinBudget(chosen, options);
  const contents = fitting.map(({ skill }) => skillContent(skill));
  const introduction = byTool ? TOOL_INTRODUCTION : INTRODUCTION;
  const text = [introduction, catalogue, ...contents].filter((part) => part !== '').join('\n\n');
  return {
    messages: addToSystemMessage(messages, text),
    skills: fitting.map(toApplied),
    leftOut: leftOut.map(toApplied),
    byTool,
  };
}

/** The text of a skill as a model is given it. */
export function skillContent({ skill }: LiveSkill): string {
  return `<skill_content name="${skill.name}">\n${skill.body}\n</skill_content>`;
}

interface Chosen {
  readonly skill: LiveSkill;
  readonly cause: SkillCause;
}

interface Counted extends Chosen {
  readonly tokens: number;
}

/** `/name` at the very start of the last message of the user, when there is such a skill; the words after it stay. */
function slashSkill(snapshot: SkillSnapshot, messages: readonly ChatMessage[]) {
  const index = lastUserIndex(messages);
  const message = messages[index];
  if (message === undefined) return undefined;
  const text = textOf(message);
  const name = /^\/([a-z0-9]+(?:-[a-z0-9]+)*)(?=\s|$)/.exec(text)?.[1];
  const skill = snapshot.skills.find((live) => live.skill.name === name);
  if (name === undefined || skill === undefined) return undefined;
  const rest = withText(message, (words) => words.slice(name.length + 1).trimStart());
  return { skill, messages: messages.with(index, rest) };
}

function requireAll(snapshot: SkillSnapshot, names: readonly string[]): void {
  for (const name of names) find(snapshot, name);
}

function find(snapshot: SkillSnapshot, name: string): LiveSkill {
  const found = snapshot.skills.find(({ skill }) => skill.name === name);
  if (found !== undefined) return found;
  const known = snapshot.skills.map(({ skill }) => skill.name).join(', ');
  throw new GatewayError('skill_not_found', `There is no skill "${name.slice(0, 80)}".`, {
    param: 'skills',
    hint: known === '' ? 'No skill is loaded.' : `The loaded skills are: ${known}.`,
  });
}

const indexes = new WeakMap<readonly LiveSkill[], SkillIndex>();

/** Made once per set of skills. */
export function skillIndex({ skills }: SkillSnapshot): SkillIndex {
  const known = indexes.get(skills) ?? new SkillIndex(skills.map(({ skill }) => skill));
  indexes.set(skills, known);
  return known;
}

function matched(
  snapshot: SkillSnapshot,
  messages: readonly ChatMessage[],
  { maxActivated }: ApplySkillsOptions,
): Chosen[] {
  const last = messages[lastUserIndex(messages)];
  const query = last === undefined ? '' : textOf(last);
  return skillIndex(snapshot)
    .match(query, { limit: maxActivated })
    .map(({ name, score, terms }: SkillMatch) => ({
      skill: find(snapshot, name),
      cause: { kind: 'matched', score, terms },
    }));
}

function uniqueByName(chosen: readonly Chosen[]): Chosen[] {
  return [...new Map(chosen.toReversed().map((one) => [one.skill.skill.name, one])).values()].reverse();
}

/** In order: what was asked for, then what fits best. What was asked for is never left out in silence. */
function withinBudget(chosen: readonly Chosen[], { maxTokens, tokensOf }: ApplySkillsOptions) {
  const counted = chosen.map((one): Counted => ({ ...one, tokens: tokensOf(one.skill.skill.body) }));
  const asked = counted.filter(({ cause }) => cause.kind !== 'matched');
  let used = asked.reduce((sum, { tokens }) => sum + tokens, 0);
  if (used > maxTokens) throw tooLarge(asked, used, maxTokens);
  const fitting = [...asked];
  const leftOut: Counted[] = [];
  for (const one of counted) {
    if (one.cause.kind !== 'matched') continue;
    if (used + one.tokens <= maxTokens) {
      fitting.push(one);
      used += one.tokens;
    } else leftOut.push(one);
  }
  return { fitting, leftOut };
}

function tooLarge(asked: readonly Counted[], tokens: number, maxTokens: number): GatewayError {
  const names = asked.map(({ skill }) => skill.skill.name).join(', ');
  const what = asked.length === 1 ? `The skill ${names} has` : `The skills ${names} have`;
  return new GatewayError('skills_too_large', `${what} ${tokens} tokens; at most ${maxTokens} are given.`, {
    param: 'skills',
    hint: 'Name fewer or shorter skills, or raise skills.maxTokens.',
  });
}

const toApplied = ({ cause, skill, tokens }: Counted): AppliedSkill => ({
  name: skill.skill.name,
  cause,
  tokens,
});

function formatCatalogue(
  skills: readonly LiveSkill[],
  { catalogueTokens, tokensOf }: ApplySkillsOptions,
): string {
  const lists = [
    () => skills.map(({ skill }) => `- ${skill.name}: ${oneLine(skill.description)}`),
    () => skills.map(({ skill }) => `- ${skill.name}: ${oneLine(skill.description).slice(0, 80)}`),
    () => skills.map(({ skill }) => `- ${skill.name}`),
  ];
  for (const make of lists) {
    const text = make().join('\n');
    if (tokensOf(text) <= catalogueTokens) return `<available_skills>\n${text}\n</available_skills>`;
  }
  return '';
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');
