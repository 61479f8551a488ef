import { Button } from '@mantine/core';
import { IconLogs, IconPlayerPlay, IconRefresh, IconTerminal2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ServiceSnapshot, StackSnapshot } from '../../../../shared/stack/stack-snapshot.ts';
import { navigate } from '../../../shell/ui-store.ts';
import { Facts } from '../../../ui/facts.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { ServiceMarks } from '../service-marks.tsx';
import { isUp, serviceTone } from '../service-state.ts';
import { serviceStateText } from '../service-text.ts';
import type { StackActions } from '../use-stack-actions.ts';
import { useServiceHistory } from '../use-stats.ts';
import { DriftSection } from './drift-section.tsx';
import classes from './inspector.module.css';
import { InspectorFrame } from './inspector-frame.tsx';
import { InstanceList } from './instance-list.tsx';
import { ScaleStepper } from './scale-stepper.tsx';
import { serviceFacts } from './service-facts.ts';
import { ServiceMenu } from './service-menu.tsx';
import { ServiceTrouble } from './service-trouble.tsx';

interface InspectorProps {
  readonly service: ServiceSnapshot;
  readonly snapshot: StackSnapshot;
  readonly actions: StackActions;
}

const ICON = { size: 14, stroke: 1.7, 'aria-hidden': true } as const;

export function ServiceInspector({ service, snapshot, actions }: InspectorProps) {
  const { t } = useTranslation('stack');
  const { t: tShell } = useTranslation('shell');
  const now = useNow(1000, isUp(service.state));
  const stats = useServiceHistory(service.name)?.latest;
  const up = isUp(service.state);
  const isSandbox = snapshot.engine.engine === 'sandbox';
  const canAct = snapshot.engine.kind === 'connected';
  return (
    <InspectorFrame
      name={service.name}
      state={serviceStateText(t, service)}
      tone={service.inactive ? 'idle' : serviceTone(service.state)}
      marks={<ServiceMarks service={service} />}
      menu={
        service.available &&
        !service.inactive && (
          <ServiceMenu
            service={service}
            actions={actions}
            canAct={canAct}
            isSandbox={isSandbox}
            hasFiles={snapshot.plan !== undefined}
          />
        )
      }
    >
      <Notes service={service} />
      {service.available && !service.inactive && (
        <div className={classes.buttons}>
          <Button
            leftSection={<IconLogs {...ICON} />}
            onClick={() => navigate('logs', { service: service.name })}
          >
            {t('inspector.logs')}
          </Button>
          <Button
            leftSection={<IconTerminal2 {...ICON} />}
            disabled={!up}
            onClick={() => navigate('terminal', { service: service.name })}
          >
            {t('inspector.terminal')}
          </Button>
          {up || service.instances.length === 0 ? (
            <Button
              leftSection={<IconRefresh {...ICON} />}
              disabled={!up || !canAct}
              onClick={() => actions.restart(service.name)}
            >
              {t('inspector.restart')}
            </Button>
          ) : (
            <Button
              leftSection={<IconPlayerPlay {...ICON} />}
              disabled={!canAct}
              onClick={() => actions.control('start', service.name)}
            >
              {t('start')}
            </Button>
          )}
        </div>
      )}
      <ServiceTrouble service={service} />
      <DriftSection service={service} actions={actions} />
      <Facts facts={serviceFacts({ t, tShell, service, stats, isSandbox, now })} />
      {canScale(service, snapshot) && <ScaleStepper service={service} canAct={canAct} actions={actions} />}
      {!isSandbox && <InstanceList service={service} />}
    </InspectorFrame>
  );
}

/** Only what the files describe can have more or fewer instances, and only in containers. */
function canScale(service: ServiceSnapshot, { engine, plan }: StackSnapshot): boolean {
  const isDescribed = service.available && !service.inactive && !service.orphan;
  return engine.engine === 'docker' && plan !== undefined && isDescribed;
}

function Notes({ service }: { service: ServiceSnapshot }) {
  const { t } = useTranslation('stack');
  const note = !service.available
    ? t('inspector.notAvailable')
    : service.inactive
      ? t('inspector.inactiveText')
      : service.orphan
        ? t('inspector.orphanText')
        : undefined;
  return note === undefined ? null : <p className={classes.note}>{note}</p>;
}
