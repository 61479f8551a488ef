import { stringify } from 'yaml';

export interface SkillTemplateInput {
  readonly name: string;
  readonly description: string;
  readonly body?: string;
}

/** The text of a new `SKILL.md`; values are quoted where YAML needs it. */
export function formatSkillTemplate({ name, description, body }: SkillTemplateInput): string {
  const title = name.replace(/-/g, ' ').replace(/^./, (letter) => letter.toUpperCase());
  const yaml = stringify({ name, description }, { lineWidth: 0 });
  const text = body ?? `# ${title}\n\nWhen this skill is used, do the following:\n\n1. …\n`;
  return `---\n${yaml}---\n\n${text.endsWith('\n') ? text : `${text}\n`}`;
}
