import { useTranslation } from 'react-i18next';
import type { RunRecord } from '../../../../shared/stack/run-record.ts';
import { toLocale } from '../../../i18n/i18n.ts';
import { formatDay, formatSeconds } from '../../../ui/format.ts';
import { StatusDot } from '../../../ui/status-dot.tsx';
import classes from './run-history.module.css';
import { outcomeText, outcomeTone, runText } from './run-text.ts';

interface RunHistoryProps {
  readonly runs: readonly RunRecord[];
  readonly onOpen: (id: string) => void;
}

/** Every run that is kept: what, from where, when, for how long, and what came of it. */
export function RunHistory({ runs, onOpen }: RunHistoryProps) {
  const { t, i18n } = useTranslation('stack');
  const locale = toLocale(i18n.language);
  if (runs.length === 0)
    return (
      <p className={classes.none}>
        <b>{t('run.none')}</b> {t('run.noneText')}
      </p>
    );
  return (
    <table className={classes.table} aria-label={t('run.history')}>
      <thead>
        <tr>
          <th scope="col">{t('run.what')}</th>
          <th scope="col">{t('run.outcomeTitle')}</th>
          <th scope="col">{t('run.when')}</th>
          <th scope="col">{t('run.duration')}</th>
          <th scope="col">{t('run.from')}</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          // A click anywhere in the row is the button's; the keyboard has the button.
          <tr key={run.id} onClick={() => onOpen(run.id)}>
            <th scope="row">
              <button type="button" onClick={() => onOpen(run.id)}>
                {runText(t, run)}
              </button>
            </th>
            <td>
              <span className={classes.outcome}>
                <StatusDot tone={outcomeTone(run)} />
                {outcomeText(t, run)}
              </span>
            </td>
            <td>{formatDay(run.startedAt, locale)}</td>
            <td>{run.endedAt === undefined ? '' : formatSeconds(run.endedAt - run.startedAt)}</td>
            <td>{run.origin && t(`run.origin.${run.origin}`)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
