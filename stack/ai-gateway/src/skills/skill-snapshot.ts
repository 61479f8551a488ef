import { createHash } from 'node:crypto';
import {
  estimateTokens,
  type Skill,
  type SkillSnapshotDiagnostic,
  type SkillSnapshotEntry,
  type SkillsSnapshot,
} from '@skilldeck/agent-skills';
import type { SkillFileReading } from './skill-file.ts';
import type { SkillResource } from './skill-resources.ts';

export interface LiveSkill {
  readonly skill: Skill;
  readonly entry: SkillSnapshotEntry;
  readonly resources: readonly SkillResource[];
}

/** What the folder of a skill holds. */
export interface SkillReading extends SkillFileReading {
  readonly resources: readonly SkillResource[];
}

/** One immutable set of skills. A request keeps the one it started with. */
export interface SkillSnapshot {
  readonly generation: number;
  readonly sha256: string;
  readonly loadedAt: string;
  /** Sorted by name, so that prompts built from it have equal prefixes. */
  readonly skills: readonly LiveSkill[];
  readonly diagnostics: readonly SkillSnapshotDiagnostic[];
}

export const EMPTY_SNAPSHOT: SkillSnapshot = {
  generation: 0,
  sha256: digestOf([]),
  loadedAt: new Date(0).toISOString(),
  skills: [],
  diagnostics: [],
};

/**
 * Makes the next snapshot from what was read.
 *
 * A folder whose file is broken keeps the skill it had in `previous`. The generation grows only when the set of skills
 * differs; the same object comes back when nothing at all does.
 */
export function buildSnapshot(
  previous: SkillSnapshot,
  readings: readonly SkillReading[],
  rootDiagnostics: readonly SkillSnapshotDiagnostic[],
  now: Date,
): SkillSnapshot {
  const before = new Map(previous.skills.map((live) => [live.entry.directory, live]));
  const skills: LiveSkill[] = [];
  const diagnostics: SkillSnapshotDiagnostic[] = [...rootDiagnostics];
  for (const reading of readings) {
    diagnostics.push(...reading.diagnostics);
    if (reading.kind === 'ok' && reading.skill !== undefined) {
      const { resources, skill } = reading;
      skills.push({ skill, entry: toEntry(reading, skill), resources });
      continue;
    }
    const last = before.get(reading.directory);
    if (reading.kind === 'broken' && last !== undefined) {
      const { resources } = reading;
      skills.push({ skill: last.skill, entry: { ...last.entry, state: 'last-good' }, resources });
      diagnostics.push(lastGoodNote(reading.directory, last.entry.sha256));
    }
  }
  skills.sort((a, b) => (a.skill.name < b.skill.name ? -1 : 1));
  const sha256 = digestOf(skills);
  if (sha256 === previous.sha256 && previous.generation > 0) {
    const same =
      JSON.stringify(diagnostics) === JSON.stringify(previous.diagnostics) &&
      skills.every(({ entry }, index) => entry.state === previous.skills[index]?.entry.state);
    return same ? previous : { ...previous, skills, diagnostics };
  }
  return { generation: previous.generation + 1, sha256, loadedAt: now.toISOString(), skills, diagnostics };
}

export function toWireSnapshot(snapshot: SkillSnapshot): SkillsSnapshot {
  return {
    generation: snapshot.generation,
    sha256: snapshot.sha256,
    loadedAt: snapshot.loadedAt,
    skills: snapshot.skills.map(({ entry }) => entry),
    diagnostics: [...snapshot.diagnostics],
  };
}

function toEntry(reading: SkillFileReading, skill: Skill): SkillSnapshotEntry {
  return {
    name: skill.name,
    description: skill.description,
    directory: reading.directory,
    sha256: reading.sha256,
    bytes: reading.bytes,
    tokens: estimateTokens(skill.body),
    state: 'live',
  };
}

function lastGoodNote(directory: string, sha256: string): SkillSnapshotDiagnostic {
  return {
    directory,
    code: 'skill.last_good_kept',
    severity: 'note',
    message: 'The version before this one stays in use until the file is right again.',
    params: { sha256 },
    line: 1,
    column: 1,
  };
}

function digestOf(skills: readonly LiveSkill[]): string {
  const hash = createHash('sha256');
  for (const live of skills) hash.update(`${live.entry.name}\0${contentsOf(live)}\n`);
  return hash.digest('hex');
}

/** Another text whenever the skill or one of its files is another one. */
export function contentsOf({ entry, resources }: LiveSkill): string {
  return [entry.sha256, ...resources.map(({ path, sha256 }) => `${path}\0${sha256 ?? ''}`)].join('\0');
}
