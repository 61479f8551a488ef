export { estimateTokens } from './estimate-tokens.ts';
export { type FrontMatter, normaliseSkillText, splitFrontMatter } from './front-matter.ts';
export * from './gateway-wire.ts';
export { jsonErrorPlace, type TextPlace } from './json-error-place.ts';
export {
  type MatchableSkill,
  type MatchSkillsOptions,
  matchSkills,
  SkillIndex,
  type SkillMatch,
} from './match-skills.ts';
export { type ParseSkillOptions, parseSkill } from './parse-skill.ts';
export {
  SKILL_DIAGNOSTIC_CODES,
  SKILL_FILE_NAME,
  SKILL_LIMITS,
  SKILL_NAME_PATTERN,
  type Skill,
  type SkillDiagnostic,
  type SkillDiagnosticCode,
  type SkillParseResult,
  type SkillProfile,
  type SkillSeverity,
} from './skill.ts';
export { formatSkillTemplate, type SkillTemplateInput } from './skill-template.ts';
export { tokeniseText } from './tokenise-text.ts';
export * from './wire/config.ts';
export * from './wire/config-problem.ts';
export * from './wire/keys.ts';
export * from './wire/model-process.ts';
export * from './wire/selection.ts';
export * from './wire/skills.ts';
export * from './wire/traffic.ts';
