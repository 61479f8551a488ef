import type { TFunction } from 'i18next';
import type { SkillDiagnostic } from '../../../shared/skills/skills-contract.ts';

/** A remark in the language of `t`; main's English sentence where there is no translation (YAML's own errors). */
export function diagnosticText(t: TFunction<'skills'>, diagnostic: SkillDiagnostic): string {
  const key = diagnostic.code.replace(/^skill\./, '');
  // The code comes from the parser as plain text, so that the key cannot be one of the typed ones.
  const translate = t as (key: string, options: Record<string, unknown>) => string;
  return translate(`diagnostics.${key}`, { ...diagnostic.params, defaultValue: diagnostic.message });
}
