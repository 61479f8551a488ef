import { estimateTokens, matchSkills, type SkillSelection } from '@skilldeck/agent-skills';
import { GatewayError } from '../gateway-error.ts';
import type { ChatMessage } from '../pipeline/generation-request.ts';
import type { LiveSkill, SkillSnapshot } from './skill-snapshot.ts';

export interface ApplySkillsOptions {
  readonly maxActivated: number;
  readonly catalogueTokens: number;
}

export interface AppliedSkills {
  readonly messages: readonly ChatMessage[];
  readonly names: readonly string[];
}

/** Fixed text: it stands before the catalogue, so that a change of skills leaves the prefix before it cached. */
const INTRODUCTION =
  'Skills are instructions written by the operator of this system. The skills that exist are listed below. ' +
  'Follow the skills whose full text is given for this answer.';

/** Chooses the skills of a request and writes them into its system message. Pure and deterministic. */
export function applySkills(
  snapshot: SkillSnapshot,
  selection: SkillSelection,
  messages: readonly ChatMessage[],
  options: ApplySkillsOptions,
): AppliedSkills {
  if (selection === 'none' || snapshot.skills.length === 0) {
    if (Array.isArray(selection)) chooseByName(snapshot, selection);
    return { messages, names: [] };
  }
  const chosen = Array.isArray(selection)
    ? chooseByName(snapshot, selection)
    : chooseByText(snapshot, messages, options);
  if (Array.isArray(selection) && chosen.length === 0) return { messages, names: [] };
  const catalogue = formatCatalogue(snapshot.skills, options.catalogueTokens);
  const contents = chosen.map(
    ({ skill }) => `<skill_content name="${skill.name}">\n${skill.body}\n</skill_content>`,
  );
  const text = [INTRODUCTION, catalogue, ...contents].filter((part) => part !== '').join('\n\n');
  return { messages: addToSystemMessage(messages, text), names: chosen.map(({ skill }) => skill.name) };
}

function chooseByName(snapshot: SkillSnapshot, names: readonly string[]): LiveSkill[] {
  return [...new Set(names)].map((name) => {
    const found = snapshot.skills.find(({ skill }) => skill.name === name);
    if (found !== undefined) return found;
    const known = snapshot.skills.map(({ skill }) => skill.name).join(', ');
    throw new GatewayError('skill_not_found', `There is no skill "${name.slice(0, 80)}".`, {
      param: 'skills',
      hint: known === '' ? 'No skill is loaded.' : `The loaded skills are: ${known}.`,
    });
  });
}

function chooseByText(
  snapshot: SkillSnapshot,
  messages: readonly ChatMessage[],
  { maxActivated }: ApplySkillsOptions,
): LiveSkill[] {
  const last = messages.findLast(({ role }) => role === 'user');
  const query = last === undefined ? '' : textOf(last);
  const matches = matchSkills(
    query,
    snapshot.skills.map(({ skill }) => skill),
    { limit: maxActivated },
  );
  return matches.flatMap(({ name }) => snapshot.skills.find(({ skill }) => skill.name === name) ?? []);
}

function formatCatalogue(skills: readonly LiveSkill[], budget: number): string {
  const lists = [
    skills.map(({ skill }) => `- ${skill.name}: ${oneLine(skill.description)}`),
    skills.map(({ skill }) => `- ${skill.name}: ${oneLine(skill.description).slice(0, 80)}`),
    skills.map(({ skill }) => `- ${skill.name}`),
  ];
  const fitting = lists.find((lines) => estimateTokens(lines.join('\n')) <= budget);
  return fitting === undefined ? '' : `<available_skills>\n${fitting.join('\n')}\n</available_skills>`;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

/** The text of a message, whose content may be a list of parts. */
export function textOf(message: ChatMessage): string {
  if (typeof message.content === 'string') return message.content;
  if (!Array.isArray(message.content)) return '';
  return message.content
    .map((part: unknown) =>
      typeof part === 'object' && part !== null && 'text' in part && typeof part.text === 'string'
        ? part.text
        : '',
    )
    .join('\n');
}

function addToSystemMessage(messages: readonly ChatMessage[], text: string): ChatMessage[] {
  const [first, ...rest] = messages;
  if (first !== undefined && (first.role === 'system' || first.role === 'developer')) {
    const own = textOf(first);
    return [{ ...first, content: own === '' ? text : `${own}\n\n${text}` }, ...rest];
  }
  return [{ role: 'system', content: text }, ...messages];
}
