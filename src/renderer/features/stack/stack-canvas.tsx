import { Button, Loader } from '@mantine/core';
import { IconPlayerPlay, IconStack2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { StackSnapshot } from '../../../shared/stack/stack-snapshot.ts';
import { ErrorCard } from '../../errors/error-card.tsx';
import { useIsWorkspace } from '../../rpc/mirrors.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { MapFacts } from './map-facts.tsx';
import { layoutOf } from './pick-layout.ts';
import { UnsupportedList } from './plan/unsupported-list.tsx';
import { StackMap } from './stack-map.tsx';
import { useStackUi } from './stack-ui-store.ts';
import classes from './stack-view.module.css';
import { ServiceTable } from './table/service-table.tsx';
import type { StackActions } from './use-stack-actions.ts';

interface PartProps {
  readonly snapshot: StackSnapshot;
  readonly actions: StackActions;
}

/** The services as a map or a table, and what stands in their way. */
export function StackCanvas({ snapshot, actions }: PartProps) {
  const { engine, projectError, services } = snapshot;
  const { t } = useTranslation('stack');
  const layout = layoutOf(
    useStackUi((state) => state.layout),
    services.length,
  );
  const isStopped = engine.kind === 'connected' && snapshot.state === 'stopped';
  if (projectError)
    return (
      <div className={classes.center}>
        <ErrorCard
          error={projectError}
          actions={<Button onClick={actions.openWorkspace}>{t('openFolder')}</Button>}
        />
      </div>
    );
  const unsupported = snapshot.project.unsupported ?? [];
  if (isStopped && unsupported.length > 0)
    return (
      <div className={classes.center}>
        <UnsupportedList unsupported={unsupported} />
      </div>
    );
  if (services.length === 0 && engine.kind === 'connected')
    return (
      <EmptyState
        icon={<IconStack2 size={34} stroke={1.3} />}
        title={t('empty.noServices')}
        actions={<Button onClick={actions.openWorkspace}>{t('openFolder')}</Button>}
      >
        {t('empty.noServicesText')}
      </EmptyState>
    );
  // Without an engine nothing is known of the services, and the notice would cover them.
  const isShown = services.length > 0 && engine.kind !== 'unavailable';
  return (
    <>
      {isShown &&
        (layout === 'table' ? (
          <ServiceTable services={services} />
        ) : (
          <StackMap services={services} hasNotice={isStopped} isSandbox={engine.engine === 'sandbox'} />
        ))}
      <EngineNotice snapshot={snapshot} actions={actions} />
      {isStopped && layout === 'map' ? (
        <Stopped snapshot={snapshot} actions={actions} />
      ) : (
        layout === 'map' && <MapFacts snapshot={snapshot} />
      )}
    </>
  );
}

function EngineNotice({ snapshot: { engine }, actions }: PartProps) {
  const { t } = useTranslation('stack');
  if (engine.kind === 'connected') return null;
  return (
    <div className={classes.notice}>
      {engine.kind === 'unavailable' ? (
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
      ) : (
        <p className={classes.connecting}>
          <Loader size={14} aria-hidden />
          {t('engine.connecting')}
        </p>
      )}
    </div>
  );
}

function Stopped({ snapshot, actions }: PartProps) {
  const { t } = useTranslation('stack');
  const isWorkspace = useIsWorkspace();
  const { name } = snapshot.project;
  return (
    <section className={classes.stopped}>
      <div>
        <h2>{isWorkspace ? t('empty.title') : t('empty.project', { name })}</h2>
        <p>{isWorkspace ? t(`empty.${snapshot.engine.engine}`) : t('empty.projectText')}</p>
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
