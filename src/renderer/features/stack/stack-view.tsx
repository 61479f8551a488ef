import { Button, Loader } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { StackSnapshot } from '../../../shared/stack/stack-snapshot.ts';
import { ErrorCard } from '../../errors/error-card.tsx';
import { useStackMirror } from '../../rpc/mirrors.ts';
import { useMirror } from '../../rpc/use-mirror.ts';
import { ServiceInspector } from './inspector.tsx';
import { MapFacts } from './map-facts.tsx';
import { MODEL_ID } from './map-layout.ts';
import { ModelInspector } from './model-inspector.tsx';
import { RunPanel } from './run-panel.tsx';
import { isUp } from './service-state.ts';
import { StackHeader } from './stack-header.tsx';
import { StackMap } from './stack-map.tsx';
import { useStackUi } from './stack-ui-store.ts';
import classes from './stack-view.module.css';
import { StartDialog } from './start-dialog.tsx';
import { type StackActions, useStackActions } from './use-stack-actions.ts';
import { useStatsWhileVisible } from './use-stats.ts';

/** What runs, how it is, and what was done to it. */
export function StackView() {
  const { t } = useTranslation('stack');
  const mirror = useMirror(useStackMirror());
  const actions = useStackActions();
  const snapshot = mirror.kind === 'connecting' ? undefined : mirror.value;
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
      <div className={classes.middle}>
        <div className={classes.canvas}>
          <Canvas snapshot={snapshot} actions={actions} />
        </div>
        <Inspector snapshot={snapshot} actions={actions} />
      </div>
      {snapshot.projectError === undefined && <RunPanel snapshot={snapshot} actions={actions} />}
      <StartDialog actions={actions} />
    </>
  );
}

interface PartProps {
  readonly snapshot: StackSnapshot;
  readonly actions: StackActions;
}

function Canvas({ snapshot, actions }: PartProps) {
  const { engine, projectError, services } = snapshot;
  const { t } = useTranslation('stack');
  const hasNotice = engine.kind === 'connected' && snapshot.state === 'stopped';
  if (projectError)
    return (
      <div className={classes.center}>
        <ErrorCard
          error={projectError}
          actions={<Button onClick={actions.openWorkspace}>{t('openFolder')}</Button>}
        />
      </div>
    );
  return (
    <>
      {/* Without an engine the map knows nothing of the services, and the notice would cover it. */}
      {services.length > 0 && engine.kind !== 'unavailable' && (
        <StackMap services={services} hasNotice={hasNotice} isSandbox={engine.engine === 'sandbox'} />
      )}
      {engine.kind === 'unavailable' && (
        <div className={classes.notice}>
          <ErrorCard
            error={engine.error}
            actions={
              <>
                <Button variant="filled" onClick={actions.reconnect}>
                  {t('engine.retry')}
                </Button>
                <Button onClick={actions.useSandbox}>{t('engine.useSandbox')}</Button>
              </>
            }
          />
        </div>
      )}
      {engine.kind === 'connecting' && (
        <div className={classes.notice}>
          <p className={classes.connecting}>
            <Loader size={14} aria-hidden />
            {t('engine.connecting')}
          </p>
        </div>
      )}
      {hasNotice ? <Stopped snapshot={snapshot} actions={actions} /> : <MapFacts snapshot={snapshot} />}
    </>
  );
}

function Stopped({ snapshot, actions }: PartProps) {
  const { t } = useTranslation('stack');
  return (
    <section className={classes.stopped}>
      <div>
        <h2>{t('empty.title')}</h2>
        <p>{t(`empty.${snapshot.engine.engine}`)}</p>
      </div>
      <Button
        variant="filled"
        leftSection={<IconPlayerPlay size={14} stroke={1.8} aria-hidden />}
        onClick={actions.askStart}
      >
        {t('start')}
      </Button>
    </section>
  );
}

function Inspector({ snapshot, actions }: PartProps) {
  const selected = useStackUi((state) => state.selected);
  if (selected === MODEL_ID) return <ModelInspector />;
  const service = snapshot.services.find((candidate) => candidate.name === selected);
  if (!service) return null;
  return (
    <ServiceInspector
      service={service}
      isSandbox={snapshot.engine.engine === 'sandbox'}
      canAct={snapshot.engine.kind === 'connected' && snapshot.run?.outcome !== 'running'}
      actions={actions}
    />
  );
}
