import { useTranslation } from 'react-i18next';
import { PHASES } from '../../../../shared/stack/plan-view.ts';
import type { RunRecord } from '../../../../shared/stack/run-record.ts';
import { toLocale } from '../../../i18n/i18n.ts';
import { formatClock, formatDay, formatSeconds } from '../../../ui/format.ts';
import classes from './run-panel.module.css';
import { outcomeText, runText } from './run-text.ts';

export function RunSummary({ run, isLatest }: { run: RunRecord; isLatest: boolean }) {
  const { t, i18n } = useTranslation('stack');
  const locale = toLocale(i18n.language);
  const parts = [
    runText(t, run),
    ...(isLatest ? [formatClock(run.startedAt, locale)] : []),
    ...(run.endedAt === undefined ? [] : [formatSeconds(run.endedAt - run.startedAt)]),
    outcomeText(t, run),
    ...(run.origin === 'cli' ? [t('run.origin.cli')] : []),
  ];
  return (
    <span className={classes.summary} data-outcome={run.outcome}>
      <b>
        {run.outcome === 'running'
          ? t('run.current')
          : isLatest
            ? t('run.last')
            : formatDay(run.startedAt, locale)}
      </b>
      <span>{parts.join(' · ')}</span>
    </span>
  );
}

export function Legend({ run }: { run: RunRecord }) {
  const { t } = useTranslation('stack');
  const phases = PHASES.filter((phase) =>
    run.steps.some((step) => step.phase === phase || step.spans.some((span) => span.phase === phase)),
  );
  return (
    <ul className={classes.legend} aria-label={t('run.legend')}>
      {phases.map((phase) => (
        <li key={phase}>
          <i style={{ background: `var(--phase-${phase})` }} aria-hidden />
          {t(`phase.${phase}`)}
        </li>
      ))}
    </ul>
  );
}
