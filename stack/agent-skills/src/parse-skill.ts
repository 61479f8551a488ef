import { checkFrontMatter } from './check-front-matter.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { normaliseSkillText, splitFrontMatter } from './front-matter.ts';
import { readYamlMap } from './read-yaml-map.ts';
import {
  SKILL_LIMITS,
  type SkillDiagnostic,
  type SkillDiagnosticCode,
  type SkillParseResult,
  type SkillProfile,
  type SkillSeverity,
} from './skill.ts';

export interface ParseSkillOptions {
  /** The folder the file lies in; the specification wants the skill's name to be the same. */
  readonly directoryName?: string;
  readonly profile?: SkillProfile;
}

/** Collects remarks; positions are those of the file. */
export type Report = (
  severity: SkillSeverity,
  code: SkillDiagnosticCode,
  message: string,
  at: { readonly line: number; readonly column: number },
  params?: Readonly<Record<string, string | number>>,
) => void;

const START = { line: 1, column: 1 } as const;

/** Parses a `SKILL.md`. Never throws: whatever is wrong comes back as diagnostics with a place in the file. */
export function parseSkill(source: string, options: ParseSkillOptions = {}): SkillParseResult {
  const diagnostics: SkillDiagnostic[] = [];
  const report: Report = (severity, code, message, at, params = {}) => {
    diagnostics.push({ code, severity, message, params, line: at.line, column: at.column });
  };
  const { text, hadByteOrderMark } = normaliseSkillText(source);
  if (hadByteOrderMark) {
    report(
      'note',
      'skill.byte_order_mark',
      'The file starts with a byte order mark, which is ignored.',
      START,
    );
  }
  const parts = splitFrontMatter(text);
  switch (parts.kind) {
    case 'missing':
      report(
        'error',
        'skill.front_matter_missing',
        'The file has no front matter. Start it with a line "---", then name and description, then a line "---".',
        START,
      );
      return { kind: 'invalid', diagnostics };
    case 'unclosed':
      report(
        'error',
        'skill.front_matter_unclosed',
        'The front matter is not closed. Put a line "---" after its last key.',
        START,
      );
      return { kind: 'invalid', diagnostics };
    case 'found':
      break;
  }
  if (parts.yaml.length > SKILL_LIMITS.frontMatterLength) {
    const limit = SKILL_LIMITS.frontMatterLength;
    report(
      'error',
      'skill.front_matter_too_long',
      `The front matter is longer than ${limit} characters.`,
      START,
      {
        limit,
      },
    );
    return { kind: 'invalid', diagnostics };
  }
  const map = readYamlMap(parts.yaml, parts.yamlLine, report);
  const fields = map && checkFrontMatter(map, options, report);
  reportBody(parts.body, parts.bodyLine, report);
  if (!fields || diagnostics.some((diagnostic) => diagnostic.severity === 'error')) {
    return { kind: 'invalid', diagnostics };
  }
  return { kind: 'ok', skill: { ...fields, body: parts.body, bodyLine: parts.bodyLine }, diagnostics };
}

function reportBody(body: string, line: number, report: Report): void {
  if (body === '') {
    report('warning', 'skill.body_empty', 'The skill has no instructions after its front matter.', {
      line,
      column: 1,
    });
    return;
  }
  const tokens = estimateTokens(body);
  if (tokens > SKILL_LIMITS.bodyTokens) {
    const limit = SKILL_LIMITS.bodyTokens;
    report(
      'warning',
      'skill.body_long',
      `The instructions cost about ${tokens} tokens; less than ${limit} is advised. Move detail into files beside it.`,
      { line, column: 1 },
      { tokens, limit },
    );
  }
}
