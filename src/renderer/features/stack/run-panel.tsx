import { Button, SegmentedControl, Select } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunRecord } from '../../../shared/stack/run-record.ts';
import type { StackSnapshot } from '../../../shared/stack/stack-snapshot.ts';
import { toLocale } from '../../i18n/i18n.ts';
import { useClient } from '../../rpc/client-context.tsx';
import { formatClock, formatDay, formatSeconds } from '../../ui/format.ts';
import { PlanList } from './plan-list.tsx';
import classes from './run-panel.module.css';
import { RunTimeline } from './run-timeline.tsx';
import type { StackActions } from './use-stack-actions.ts';

interface RunPanelProps {
  readonly snapshot: StackSnapshot;
  readonly actions: StackActions;
}

type Tab = 'timeline' | 'plan';

/** The run under way or the last one, earlier ones on request, and the plan. */
export function RunPanel({ snapshot, actions }: RunPanelProps) {
  const { t } = useTranslation('stack');
  const [tab, setTab] = useState<Tab>('timeline');
  const [chosenId, setChosenId] = useState<string>();
  const runs = useRuns(snapshot.run);
  const run = runs.find((candidate) => candidate.id === chosenId) ?? snapshot.run ?? runs[0];
  const isLatest = run !== undefined && run.id === (snapshot.run ?? runs[0])?.id;
  const isRunning = snapshot.run?.outcome === 'running';
  const canAct = snapshot.engine.kind === 'connected' && !isRunning;
  return (
    <section className={classes.panel} aria-label={t('run.tabs')}>
      <div className={classes.head}>
        <SegmentedControl
          size="xs"
          aria-label={t('run.tabs')}
          value={tab}
          onChange={(value) => setTab(value === 'plan' ? 'plan' : 'timeline')}
          data={[
            { value: 'timeline', label: t('run.timeline') },
            { value: 'plan', label: t('run.plan') },
          ]}
        />
        {run && <RunSummary run={run} isLatest={isLatest} />}
        <span className={classes.space} />
        {run && tab === 'timeline' && <Legend run={run} />}
        {runs.length > 1 && <RunSelect runs={runs} value={run?.id} onChange={setChosenId} />}
        {isRunning && snapshot.run && (
          <Button size="xs" onClick={() => snapshot.run && actions.cancel(snapshot.run.id)}>
            {t('run.cancel')}
          </Button>
        )}
      </div>
      <div className={classes.body}>
        {tab === 'plan' ? (
          <PlanTab snapshot={snapshot} run={run} />
        ) : run ? (
          <RunTimeline run={run} isLatest={isLatest} canAct={canAct} actions={actions} />
        ) : (
          <p className={classes.empty}>
            <b>{t('run.none')}</b> {t('run.noneText')}
          </p>
        )}
      </div>
    </section>
  );
}

function RunSummary({ run, isLatest }: { run: RunRecord; isLatest: boolean }) {
  const { t, i18n } = useTranslation('stack');
  const locale = toLocale(i18n.language);
  const parts = [
    t(`run.kind.${run.kind}`),
    isLatest ? formatClock(run.startedAt, locale) : formatDay(run.startedAt, locale),
    ...(run.endedAt === undefined ? [] : [formatSeconds(run.endedAt - run.startedAt)]),
    t(`run.outcome.${run.outcome}`),
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
      <span>{(isLatest ? parts : parts.toSpliced(1, 1)).join(' · ')}</span>
    </span>
  );
}

function RunSelect(props: {
  readonly runs: readonly RunRecord[];
  readonly value: string | undefined;
  readonly onChange: (id: string | undefined) => void;
}) {
  const { t, i18n } = useTranslation('stack');
  const locale = toLocale(i18n.language);
  const data = props.runs.map((run) => ({
    value: run.id,
    label: `${formatDay(run.startedAt, locale)} · ${t(`run.kind.${run.kind}`)} · ${t(`run.outcome.${run.outcome}`)}`,
  }));
  return (
    <Select
      size="xs"
      w={218}
      aria-label={t('run.choose')}
      data={data}
      value={props.value ?? null}
      allowDeselect={false}
      onChange={(id) => props.onChange(id === props.runs[0]?.id ? undefined : (id ?? undefined))}
    />
  );
}

function Legend({ run }: { run: RunRecord }) {
  const { t } = useTranslation('stack');
  const phases = (['prepare', 'image', 'dependencies', 'initialise', 'health', 'stop'] as const).filter(
    (phase) =>
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

function PlanTab({ snapshot, run }: { snapshot: StackSnapshot; run: RunRecord | undefined }) {
  const { t } = useTranslation('stack');
  const upcoming = snapshot.plan?.steps ?? [];
  return (
    <>
      {upcoming.length > 0 && (
        <>
          <h2 className={classes.subtitle}>{t('plan.titleWould')}</h2>
          <PlanList steps={upcoming} />
        </>
      )}
      {run && (
        <>
          <h2 className={classes.subtitle}>{t('plan.titleRan')}</h2>
          {run.steps.length > 0 ? (
            <PlanList steps={run.steps} />
          ) : (
            <p className={classes.empty}>{t('plan.nothing')}</p>
          )}
        </>
      )}
      {upcoming.length === 0 && !run && (
        <p className={classes.empty}>{snapshot.plan ? t('plan.nothing') : t('plan.notKnown')}</p>
      )}
    </>
  );
}

/** Earlier runs, read again when one begins or ends; the newest comes from the snapshot, which is live. */
function useRuns(current: RunRecord | undefined): readonly RunRecord[] {
  const client = useClient();
  const [runs, setRuns] = useState<readonly RunRecord[]>([]);
  const key = `${current?.id}:${current?.outcome}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when the list may have changed
  useEffect(() => {
    const controller = new AbortController();
    client.stack
      .runs({ limit: 20 }, { signal: controller.signal })
      .then((list) => setRuns(list))
      // The list is an extra; without it the newest run is still shown.
      .catch(() => undefined);
    return () => controller.abort();
  }, [client, key]);
  if (!current) return runs;
  return [current, ...runs.filter((run) => run.id !== current.id)];
}
