import { Loader } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { StackSnapshot } from '../../../shared/stack/stack-snapshot.ts';
import { ErrorCard } from '../../errors/error-card.tsx';
import { useStackMirror } from '../../rpc/mirrors.ts';
import { useMirror } from '../../rpc/use-mirror.ts';
import { ConfigDialog } from './config-dialog.tsx';
import { FormDialog } from './form/form-dialog.tsx';
import { ModelInspector } from './inspector/model-inspector.tsx';
import { ServiceInspector } from './inspector/service-inspector.tsx';
import { WarningBar } from './load-warnings.tsx';
import { MODEL_ID } from './map-layers.ts';
import { DownDialog } from './plan/down-dialog.tsx';
import { StartDialog } from './plan/start-dialog.tsx';
import { RunPanel } from './runs/run-panel.tsx';
import { isUp } from './service-state.ts';
import { StackCanvas } from './stack-canvas.tsx';
import { StackHeader } from './stack-header.tsx';
import { useStackUi } from './stack-ui-store.ts';
import classes from './stack-view.module.css';
import { type StackActions, useStackActions } from './use-stack-actions.ts';
import { useStatsWhileVisible } from './use-stats.ts';
import { withoutPassingDrift } from './without-passing-drift.ts';

/** What runs, how it is, and what was done to it. */
export function StackView() {
  const { t } = useTranslation('stack');
  const mirror = useMirror(useStackMirror());
  const actions = useStackActions();
  const value = mirror.kind === 'connecting' ? undefined : mirror.value;
  const snapshot = useMemo(() => value && withoutPassingDrift(value), [value]);
  useStatsWhileVisible(snapshot?.services.some((service) => isUp(service.state)) ?? false);
  if (!snapshot) {
    if (mirror.kind === 'failed')
      return (
        <div className={classes.center}>
          <ErrorCard error={mirror.error} />
        </div>
      );
    return <Loader size="sm" className={classes.loader} aria-label={t('loading')} />;
  }
  return (
    <>
      <StackHeader snapshot={snapshot} actions={actions} />
      <WarningBar project={snapshot.project} />
      <div className={classes.middle}>
        <div className={classes.canvas}>
          <StackCanvas snapshot={snapshot} actions={actions} />
        </div>
        <Inspector snapshot={snapshot} actions={actions} />
      </div>
      {snapshot.projectError === undefined && <RunPanel snapshot={snapshot} actions={actions} />}
      <StartDialog snapshot={snapshot} actions={actions} />
      <DownDialog snapshot={snapshot} actions={actions} />
      <ConfigDialog project={snapshot.project.name} />
      <FormDialog />
    </>
  );
}

interface PartProps {
  readonly snapshot: StackSnapshot;
  readonly actions: StackActions;
}

function Inspector({ snapshot, actions }: PartProps) {
  const selected = useStackUi((state) => state.selected);
  if (selected === MODEL_ID) return <ModelInspector />;
  const service = snapshot.services.find((candidate) => candidate.name === selected);
  if (!service) return null;
  return <ServiceInspector key={service.name} service={service} snapshot={snapshot} actions={actions} />;
}
