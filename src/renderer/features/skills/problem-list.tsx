import { IconAlertTriangle, IconCircleX, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { SkillDiagnostic } from '../../../shared/skills/skills-contract.ts';
import { diagnosticText } from './diagnostic-text.ts';
import classes from './skills.module.css';

const ICONS = { error: IconCircleX, warning: IconAlertTriangle, note: IconInfoCircle };

interface ProblemListProps {
  readonly diagnostics: readonly SkillDiagnostic[];
  readonly onPick: (diagnostic: SkillDiagnostic) => void;
}

/** Remarks about the text as it is now; a click goes to the place. */
export function ProblemList({ diagnostics, onPick }: ProblemListProps) {
  const { t } = useTranslation('skills');
  if (diagnostics.length === 0) return null;
  return (
    <ul className={classes.problems} aria-label={t('problems')}>
      {diagnostics.map((found) => {
        const Icon = ICONS[found.severity];
        return (
          <li key={`${found.code}:${found.line}:${found.column}:${found.message}`}>
            <button
              type="button"
              className={classes.problem}
              data-severity={found.severity}
              title={t('goToLine', { line: found.line })}
              onClick={() => onPick(found)}
            >
              <Icon size={14} stroke={1.8} role="img" aria-label={t(`severity.${found.severity}`)} />
              <span className={classes.place}>
                {found.line}:{found.column}
              </span>
              <span>{diagnosticText(t, found)}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
