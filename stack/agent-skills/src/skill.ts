/** One directory of the skills root holds one skill; this is its `SKILL.md`, parsed. */
export interface Skill {
  readonly name: string;
  readonly description: string;
  readonly license?: string;
  readonly compatibility?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly allowedTools?: string;
  /** Front matter keys the specification does not know. They are kept, never dropped. */
  readonly extraKeys: readonly string[];
  /** Markdown after the front matter, with `\n` line ends. */
  readonly body: string;
  /** 1-based line of the file on which the body starts. */
  readonly bodyLine: number;
}

export type SkillSeverity = 'error' | 'warning' | 'note';

/** A remark about one place of a `SKILL.md`. `line` and `column` are 1-based. */
export interface SkillDiagnostic {
  readonly code: SkillDiagnosticCode;
  readonly severity: SkillSeverity;
  readonly message: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly line: number;
  readonly column: number;
}

export const SKILL_DIAGNOSTIC_CODES = [
  'skill.front_matter_missing',
  'skill.front_matter_unclosed',
  'skill.front_matter_too_long',
  'skill.yaml_invalid',
  'skill.yaml_not_a_map',
  'skill.name_missing',
  'skill.name_invalid',
  'skill.name_too_long',
  'skill.name_not_directory',
  'skill.description_missing',
  'skill.description_too_long',
  'skill.field_not_text',
  'skill.compatibility_too_long',
  'skill.metadata_not_text',
  'skill.unknown_key',
  'skill.body_empty',
  'skill.body_long',
  'skill.byte_order_mark',
] as const;

export type SkillDiagnosticCode = (typeof SKILL_DIAGNOSTIC_CODES)[number];

export type SkillParseResult =
  | { readonly kind: 'ok'; readonly skill: Skill; readonly diagnostics: readonly SkillDiagnostic[] }
  | { readonly kind: 'invalid'; readonly diagnostics: readonly SkillDiagnostic[] };

/**
 * `strict` is the specification to the letter, for an editor or a check before publishing.
 * `lenient` is what a loader needs: it refuses only what would leave the skill without a usable name or description.
 */
export type SkillProfile = 'strict' | 'lenient';

/** Lower-case letters and digits in groups joined by single hyphens; also safe as a folder name and in an HTTP header. */
export const SKILL_NAME_PATTERN = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

export const SKILL_FILE_NAME = 'SKILL.md';

export const SKILL_LIMITS = {
  nameLength: 64,
  descriptionLength: 1024,
  compatibilityLength: 500,
  /** Longer front matter is not parsed: the YAML parser's cost grows with it. */
  frontMatterLength: 64 * 1024,
  /** The specification advises less than this for the body. */
  bodyTokens: 5000,
  fileBytes: 256 * 1024,
} as const;
