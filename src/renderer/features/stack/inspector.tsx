import { ActionIcon, Button } from '@mantine/core';
import { IconLogs, IconRefresh, IconTerminal2, IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServiceSnapshot } from '../../../shared/stack/stack-snapshot.ts';
import { navigate } from '../../shell/ui-store.ts';
import { Facts } from '../../ui/facts.tsx';
import { OutputLines } from '../../ui/output-lines.tsx';
import { StatusDot, type Tone } from '../../ui/status-dot.tsx';
import { useNow } from '../../ui/use-now.ts';
import classes from './inspector.module.css';
import { serviceFacts } from './service-facts.ts';
import { isUp, serviceTone } from './service-state.ts';
import { selectNode } from './stack-ui-store.ts';
import type { StackActions } from './use-stack-actions.ts';
import { useServiceHistory } from './use-stats.ts';

interface InspectorFrameProps {
  readonly name: string;
  readonly state: string;
  readonly tone: Tone;
  readonly children: ReactNode;
}

/** The right column: details of what is selected on the map. Escape closes it. */
export function InspectorFrame({ name, state, tone, children }: InspectorFrameProps) {
  const { t } = useTranslation('stack');
  useEffect(() => {
    const handleKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) selectNode(undefined);
    };
    document.addEventListener('keydown', handleKey);
    return () => document.removeEventListener('keydown', handleKey);
  }, []);
  return (
    <aside className={classes.inspector} aria-label={t('inspector.label', { name })}>
      <div className={classes.head}>
        <h2>{name}</h2>
        <ActionIcon aria-label={t('inspector.close')} onClick={() => selectNode(undefined)}>
          <IconX size={15} stroke={1.7} />
        </ActionIcon>
      </div>
      <p className={classes.state}>
        <StatusDot tone={tone} />
        {state}
      </p>
      {children}
    </aside>
  );
}

interface InspectorProps {
  readonly service: ServiceSnapshot;
  readonly isSandbox: boolean;
  readonly canAct: boolean;
  readonly actions: StackActions;
}

export function ServiceInspector({ service, isSandbox, canAct, actions }: InspectorProps) {
  const { t } = useTranslation('stack');
  const { t: tShell } = useTranslation('shell');
  const now = useNow(1000, isUp(service.state));
  const stats = useServiceHistory(service.name)?.latest;
  const up = isUp(service.state);
  const state = service.available ? t(`state.${service.state.kind}`) : t('map.notInSandbox');
  return (
    <InspectorFrame name={service.name} state={state} tone={serviceTone(service.state)}>
      {!service.available && <p className={classes.note}>{t('inspector.notAvailable')}</p>}
      {service.orphan && <p className={classes.note}>{t('inspector.orphanText')}</p>}
      {service.available && (
        <div className={classes.buttons}>
          <Button
            leftSection={<IconLogs size={14} stroke={1.7} aria-hidden />}
            onClick={() => navigate('logs', { service: service.name })}
          >
            {t('inspector.logs')}
          </Button>
          <Button
            leftSection={<IconTerminal2 size={14} stroke={1.7} aria-hidden />}
            disabled={!up}
            onClick={() => navigate('terminal', { service: service.name })}
          >
            {t('inspector.terminal')}
          </Button>
          <Button
            leftSection={<IconRefresh size={14} stroke={1.7} aria-hidden />}
            disabled={!up || !canAct}
            onClick={() => actions.restart(service.name)}
          >
            {t('inspector.restart')}
          </Button>
        </div>
      )}
      <ServiceTrouble service={service} />
      <Facts facts={serviceFacts({ t, tShell, service, stats, isSandbox, now })} />
    </InspectorFrame>
  );
}

function ServiceTrouble({ service }: { service: ServiceSnapshot }) {
  const { t } = useTranslation('stack');
  const { state } = service;
  if (state.kind === 'unhealthy')
    return (
      <section className={classes.trouble}>
        <h3>{t('inspector.probe')}</h3>
        <OutputLines lines={state.output.split('\n')} label={t('inspector.probe')} />
      </section>
    );
  if (state.kind === 'failed')
    return (
      <section className={classes.trouble}>
        {state.oomKilled && <p className={classes.note}>{t('inspector.outOfMemory')}</p>}
        <h3>{t('inspector.lastLines')}</h3>
        <OutputLines lines={state.lastLines} label={t('inspector.lastLines')} />
      </section>
    );
  return null;
}
