import { parseSkill } from '@skilldeck/agent-skills';
import type { SkillResource } from '../skill-resources.ts';
import { buildSnapshot, EMPTY_SNAPSHOT, type SkillSnapshot } from '../skill-snapshot.ts';

/** A snapshot of skills of these names and texts. */
export function snapshotOf(
  skills: Readonly<Record<string, string>>,
  resources: Readonly<Record<string, readonly SkillResource[]>> = {},
): SkillSnapshot {
  const readings = Object.entries(skills).map(([name, body]) => {
    const text = `---\nname: ${name}\ndescription: How to make ${name}.\n---\n${body}\n`;
    const parsed = parseSkill(text, { directoryName: name, profile: 'lenient' });
    if (parsed.kind !== 'ok') throw new Error(`"${name}" is no skill.`);
    const { skill } = parsed;
    return {
      directory: name,
      stamp: '',
      kind: 'ok',
      sha256: text,
      bytes: text.length,
      skill,
      diagnostics: [],
      resources: resources[name] ?? [],
    } as const;
  });
  return buildSnapshot(EMPTY_SNAPSHOT, readings, [], new Date(0));
}
