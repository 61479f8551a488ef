import type { ParseSkillOptions, Report } from './parse-skill.ts';
import type { YamlField } from './read-yaml-map.ts';
import { SKILL_LIMITS, SKILL_NAME_PATTERN, type Skill } from './skill.ts';

type FrontMatterFields = Omit<Skill, 'body' | 'bodyLine'>;

const KNOWN_KEYS = ['name', 'description', 'license', 'compatibility', 'metadata', 'allowed-tools'];

interface Check {
  readonly options: ParseSkillOptions;
  readonly report: Report;
  /** What the specification forbids but a loader can live with. */
  readonly lapse: 'error' | 'warning';
  readonly field: (key: string) => YamlField | undefined;
}

const TOP = { line: 1, column: 1 } as const;

/** Checks the values of a front matter. The result is only meaningful when no error was reported. */
export function checkFrontMatter(
  fields: readonly YamlField[],
  options: ParseSkillOptions,
  report: Report,
): FrontMatterFields {
  const strict = options.profile === 'strict';
  const check: Check = {
    options,
    report,
    lapse: strict ? 'error' : 'warning',
    field: (key) => fields.find((field) => field.key === key),
  };
  const extra = fields.filter((field) => !KNOWN_KEYS.includes(field.key));
  for (const field of extra) {
    const message = `"${field.key}" is not a key of the Agent Skills specification; put it under metadata.`;
    report(strict ? 'error' : 'note', 'skill.unknown_key', message, field, { key: field.key });
  }
  const license = readText(check, 'license');
  const compatibility = readCompatibility(check);
  const allowedTools = readAllowedTools(check);
  return {
    name: readName(check),
    description: readDescription(check),
    ...(license === undefined ? {} : { license }),
    ...(compatibility === undefined ? {} : { compatibility }),
    ...(allowedTools === undefined ? {} : { allowedTools }),
    metadata: readMetadata(check),
    extraKeys: extra.map((field) => field.key),
  };
}

function readName({ field, options, report }: Check): string {
  const name = field('name');
  if (name === undefined || name.value === null || name.value === '') {
    const expected = options.directoryName ?? 'my-skill';
    report(
      'error',
      'skill.name_missing',
      `The skill has no name. Add a line "name: ${expected}".`,
      name ?? TOP,
    );
    return '';
  }
  if (typeof name.value !== 'string') {
    report('error', 'skill.field_not_text', 'The name must be text; put it in quotes.', name, {
      key: 'name',
    });
    return '';
  }
  const value = name.value;
  if (value.length > SKILL_LIMITS.nameLength) {
    const limit = SKILL_LIMITS.nameLength;
    const message = `The name has ${value.length} characters; at most ${limit} are allowed.`;
    report('error', 'skill.name_too_long', message, name, { limit, length: value.length });
  } else if (!SKILL_NAME_PATTERN.test(value)) {
    const message = `The name "${value}" may only hold lower-case letters, digits and single hyphens between them.`;
    report('error', 'skill.name_invalid', message, name, { name: value });
  } else if (options.directoryName !== undefined && value !== options.directoryName) {
    const message = `The name "${value}" differs from the folder "${options.directoryName}". Rename one of them.`;
    report('error', 'skill.name_not_directory', message, name, {
      name: value,
      directory: options.directoryName,
    });
  }
  return value;
}

function readDescription({ field, report, lapse }: Check): string {
  const description = field('description');
  if (description === undefined || description.value === null) return missingDescription(report, description);
  if (typeof description.value !== 'string') {
    const message = 'The description must be text; put it in quotes.';
    report('error', 'skill.field_not_text', message, description, { key: 'description' });
    return '';
  }
  const value = description.value.trim();
  if (value === '') return missingDescription(report, description);
  if (value.length > SKILL_LIMITS.descriptionLength) {
    const limit = SKILL_LIMITS.descriptionLength;
    const message = `The description has ${value.length} characters; at most ${limit} are allowed.`;
    report(lapse, 'skill.description_too_long', message, description, { limit, length: value.length });
  }
  return value;
}

function missingDescription(report: Report, field: YamlField | undefined): string {
  const message = 'The skill has no description. Add a line "description: what it does, and when to use it".';
  report('error', 'skill.description_missing', message, field ?? TOP);
  return '';
}

function readText({ field, report, lapse }: Check, key: string): string | undefined {
  const found = field(key);
  if (found === undefined || found.value === null) return undefined;
  if (typeof found.value === 'string') return found.value;
  report(lapse, 'skill.field_not_text', `"${key}" must be text; put it in quotes.`, found, { key });
  return undefined;
}

function readCompatibility(check: Check): string | undefined {
  const value = readText(check, 'compatibility');
  const found = check.field('compatibility');
  if (value !== undefined && found !== undefined && value.length > SKILL_LIMITS.compatibilityLength) {
    const limit = SKILL_LIMITS.compatibilityLength;
    const message = `"compatibility" has ${value.length} characters; at most ${limit} are allowed.`;
    check.report(check.lapse, 'skill.compatibility_too_long', message, found, {
      limit,
      length: value.length,
    });
  }
  return value;
}

function readAllowedTools(check: Check): string | undefined {
  const found = check.field('allowed-tools');
  // Several products write a list here; the specification wants one text with spaces.
  if (Array.isArray(found?.value) && check.options.profile !== 'strict') {
    return found.value.filter((tool) => typeof tool === 'string').join(' ');
  }
  return readText(check, 'allowed-tools');
}

function readMetadata({ field, report, lapse }: Check): Readonly<Record<string, string>> {
  const found = field('metadata');
  if (found === undefined || found.value === null) return {};
  if (typeof found.value !== 'object' || Array.isArray(found.value)) {
    report(lapse, 'skill.metadata_not_text', '"metadata" must be a map of texts.', found, {
      key: 'metadata',
    });
    return {};
  }
  const entries = Object.entries(found.value as Record<string, unknown>);
  for (const [key, value] of entries) {
    if (typeof value === 'string') continue;
    const message = `metadata.${key} must be text; put it in quotes.`;
    report(lapse, 'skill.metadata_not_text', message, found, { key });
  }
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === 'string' ? value : (JSON.stringify(value) ?? '')]),
  );
}
