import { Tooltip } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunProgress, RunRecord } from '../../../../shared/stack/run-record.ts';
import { formatBytes, formatSeconds } from '../../../ui/format.ts';
import { OutputLines } from '../../../ui/output-lines.tsx';
import { useNow } from '../../../ui/use-now.ts';
import type { StackActions } from '../use-stack-actions.ts';
import { LayerList } from './layer-list.tsx';
import { RunErrorCard } from './run-error-card.tsx';
import classes from './run-timeline.module.css';
import { type TimelineRow, toTimeline } from './timeline-rows.ts';

interface RunTimelineProps {
  readonly run: RunRecord;
  /** Offers to mend a failure only in the newest run. */
  readonly isLatest: boolean;
  readonly canAct: boolean;
  readonly actions: StackActions;
}

const TICK_MS = 250;

/** A row per service, a bar per phase; what failed opens with its reason. */
export function RunTimeline({ run, isLatest, canAct, actions }: RunTimelineProps) {
  const now = useNow(TICK_MS, run.outcome === 'running');
  const { rows } = toTimeline(run, now);
  const isShownInRow = rows.some((row) => row.failed?.error);
  return (
    <div className={classes.rows}>
      {run.error && !isShownInRow && (
        <RunErrorCard error={run.error} actions={actions} canAct={canAct} canMend={isLatest}>
          {run.error.code !== 'update.rolled_back' && <RolledBack services={run.rolledBack ?? []} />}
        </RunErrorCard>
      )}
      {rows.map((row) => (
        <Fragment key={row.service ?? ''}>
          <Row row={row} />
          {row.failed?.error && (
            <div className={classes.failure}>
              <RunErrorCard
                error={row.failed.error}
                actions={actions}
                canAct={canAct}
                canMend={isLatest}
                service={row.service}
              >
                {row.failed.error.code !== 'update.rolled_back' && (
                  <RolledBack services={run.rolledBack?.filter((name) => name === row.service) ?? []} />
                )}
                <FailedOutput row={row} />
              </RunErrorCard>
            </div>
          )}
        </Fragment>
      ))}
    </div>
  );
}

/** Why the service runs although its update has failed. */
function RolledBack({ services }: { services: readonly string[] }) {
  const { t } = useTranslation('stack');
  if (services.length === 0) return null;
  return (
    <p className={classes.rolledBack}>
      <IconArrowBackUp size={15} stroke={1.8} aria-hidden />
      {t('run.rolledBack', { services: services.join(', ') })}
    </p>
  );
}

function FailedOutput({ row }: { row: TimelineRow }) {
  const { t } = useTranslation('stack');
  const lines = row.failed?.output ?? [];
  return <OutputLines lines={lines} label={t('run.output', { target: row.failed?.target ?? '' })} />;
}

function Row({ row }: { row: TimelineRow }) {
  const { t } = useTranslation('stack');
  const progress = row.running.find((step) => step.progress)?.progress;
  return (
    <div className={classes.row} data-status={row.status}>
      <span className={classes.name}>{row.service ?? t('run.project')}</span>
      <span className={classes.bars}>
        {row.bars.map((bar, index) => (
          <Tooltip
            // biome-ignore lint/suspicious/noArrayIndexKey: bars are only added at the end
            key={index}
            label={`${t(`phase.${bar.phase}`)} · ${formatSeconds(bar.durationMs)}`}
          >
            <i
              data-phase={bar.phase}
              data-running={bar.isRunning || undefined}
              style={{ left: `${bar.left}%`, width: `max(2px, ${bar.width}%)` }}
            />
          </Tooltip>
        ))}
      </span>
      <span className={classes.time} data-word={row.elapsedMs === undefined || undefined}>
        {row.elapsedMs === undefined ? t(`stepStatus.${row.status}`) : formatSeconds(row.elapsedMs)}
      </span>
      {progress && <span className={classes.progress}>{progressText(progress)}</span>}
      {progress?.layers && progress.layers.length > 0 && <LayerList layers={progress.layers} />}
    </div>
  );
}

const BYTES_FROM = 10_000;

/** Counts below that are steps or layers, above it bytes. */
function progressText({ current, total, text }: RunProgress): string {
  if (current === undefined || total === undefined || total === 0) return text ?? '';
  const isBytes = total >= BYTES_FROM;
  const amount = isBytes ? `${formatBytes(current)} / ${formatBytes(total)}` : `${current} / ${total}`;
  return [text, amount, `${Math.round((current / total) * 100)} %`].filter(Boolean).join(' · ');
}
