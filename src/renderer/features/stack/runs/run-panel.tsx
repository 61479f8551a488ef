import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunRecord } from '../../../../shared/stack/run-record.ts';
import type { StackSnapshot } from '../../../../shared/stack/stack-snapshot.ts';
import { useProjectId } from '../../../rpc/selected-project.ts';
import { ServiceChanges } from '../plan/service-changes.tsx';
import { PlanList } from '../plan-list.tsx';
import type { StackActions } from '../use-stack-actions.ts';
import { RunHistory } from './run-history.tsx';
import classes from './run-panel.module.css';
import { RunQueue } from './run-queue.tsx';
import { Legend, RunSummary } from './run-summary.tsx';
import { RunTimeline } from './run-timeline.tsx';
import { useRuns } from './use-runs.ts';

interface RunPanelProps {
  readonly snapshot: StackSnapshot;
  readonly actions: StackActions;
}

const TABS = ['timeline', 'plan', 'history'] as const;
type Tab = (typeof TABS)[number];

/** The run under way or the last one, the plan, and every earlier run. */
export function RunPanel(props: RunPanelProps) {
  // What was opened belongs to the project that it was opened in.
  return <Panel key={useProjectId()} {...props} />;
}

function Panel({ snapshot, actions }: RunPanelProps) {
  const { t } = useTranslation('stack');
  const [tab, setTab] = useState<Tab>('timeline');
  const [chosenId, setChosenId] = useState<string>();
  const runs = useRuns(snapshot.run);
  const run = runs.find((candidate) => candidate.id === chosenId) ?? snapshot.run ?? runs[0];
  const isLatest = run !== undefined && run.id === (snapshot.run ?? runs[0])?.id;
  const isRunning = snapshot.run?.outcome === 'running';
  const canAct = snapshot.engine.kind === 'connected' && !isRunning;
  return (
    <section
      className={classes.panel}
      aria-label={t('run.tabs')}
      data-done={run?.outcome === 'done' || undefined}
    >
      <div className={classes.head}>
        <SegmentedControl
          size="xs"
          aria-label={t('run.tabs')}
          value={tab}
          onChange={(value) => setTab(value)}
          data={TABS.map((value) => ({ value, label: t(`run.${value}`) }))}
        />
        {run && tab !== 'history' && <RunSummary run={run} isLatest={isLatest} />}
        {run && !isLatest && tab !== 'history' && (
          <Button size="compact-xs" variant="subtle" onClick={() => setChosenId(undefined)}>
            {t('run.toLatest')}
          </Button>
        )}
        <span className={classes.space} />
        {run && tab === 'timeline' && <Legend run={run} />}
        {isRunning && snapshot.run && (
          <Button size="xs" onClick={() => snapshot.run && actions.cancel(snapshot.run.id)}>
            {t('run.cancel')}
          </Button>
        )}
      </div>
      <RunQueue queue={snapshot.queue ?? []} actions={actions} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
      <section className={classes.body} aria-label={t(`run.${tab}`)} tabIndex={0}>
        {tab === 'plan' && <PlanTab snapshot={snapshot} run={run} />}
        {tab === 'history' && (
          <RunHistory
            runs={runs}
            onOpen={(id) => {
              setChosenId(id);
              setTab('timeline');
            }}
          />
        )}
        {tab === 'timeline' &&
          (run ? (
            <RunTimeline run={run} isLatest={isLatest} canAct={canAct} actions={actions} />
          ) : (
            <p className={classes.empty}>
              <b>{t('run.none')}</b> {t('run.noneText')}
            </p>
          ))}
      </section>
    </section>
  );
}

function PlanTab({ snapshot, run }: { snapshot: StackSnapshot; run: RunRecord | undefined }) {
  const { t } = useTranslation('stack');
  const upcoming = snapshot.plan?.steps ?? [];
  const services = snapshot.plan?.services;
  return (
    <>
      {upcoming.length > 0 && (
        <>
          <h2 className={classes.subtitle}>{t('plan.titleWould')}</h2>
          {services ? <ServiceChanges services={services} /> : <PlanList steps={upcoming} />}
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
