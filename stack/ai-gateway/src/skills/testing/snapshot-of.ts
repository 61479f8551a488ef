import { parseSkill } from '@skilldeck/agent-skills';
import { buildSnapshot, EMPTY_SNAPSHOT, type SkillSnapshot } from '../skill-snapshot.ts';

/** A snapshot of skills of these names and texts. */
export function snapshotOf(skills: Readonly<Record<string, string>>): SkillSnapshot {
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
    } as const;
  });
  return buildSnapshot(EMPTY_SNAPSHOT, readings, [], new Date(0));
}
