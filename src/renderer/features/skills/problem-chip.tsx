import { useTranslation } from 'react-i18next';
import type { SkillDiagnostic } from '../../../shared/skills/skills-contract.ts';
import { Chip } from '../../ui/chip.tsx';

/** How many remarks of the worst kind there are. */
export function ProblemChip({ diagnostics }: { diagnostics: readonly SkillDiagnostic[] }) {
  const { t } = useTranslation('skills');
  const count = (severity: SkillDiagnostic['severity']) =>
    diagnostics.filter((found) => found.severity === severity).length;
  const errors = count('error');
  if (errors > 0) return <Chip tone="bad">{t('problemCount', { count: errors })}</Chip>;
  const warnings = count('warning');
  if (warnings > 0) return <Chip tone="warn">{t('warningCount', { count: warnings })}</Chip>;
  const notes = count('note');
  if (notes > 0) return <Chip tone="idle">{t('noteCount', { count: notes })}</Chip>;
  return null;
}
