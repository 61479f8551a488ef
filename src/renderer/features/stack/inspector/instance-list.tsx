import { ActionIcon, Tooltip } from '@mantine/core';
import { IconLogs, IconTerminal2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ServiceSnapshot } from '../../../../shared/stack/stack-snapshot.ts';
import { navigate } from '../../../shell/ui-store.ts';
import { StatusDot } from '../../../ui/status-dot.tsx';
import { isUp, serviceTone } from '../service-state.ts';
import { stateText } from '../service-text.ts';
import classes from './inspector.module.css';

/** The containers behind a service, each with its own state, log and shell. */
export function InstanceList({ service }: { service: ServiceSnapshot }) {
  const { t } = useTranslation('services');
  if (service.instances.length === 0) return null;
  return (
    <section className={classes.part}>
      <h3>{t('instances.title', { count: service.instances.length })}</h3>
      <ul className={classes.instances}>
        {service.instances.map((instance) => (
          <Instance key={instance.id} service={service} instance={instance} />
        ))}
      </ul>
    </section>
  );
}

interface InstanceProps {
  readonly service: ServiceSnapshot;
  readonly instance: ServiceSnapshot['instances'][number];
}

function Instance({ service, instance }: InstanceProps) {
  const { t } = useTranslation('services');
  const { t: tStack } = useTranslation('stack');
  const { id, name } = instance;
  const state = instance.state ?? service.state;
  const target = { service: service.name, instance: { id, name } };
  return (
    <li>
      <StatusDot tone={serviceTone(state)} />
      <span className={classes.instance}>
        <code title={name}>{name}</code>
        <span>
          {stateText(tStack, state)} · {id.slice(0, 12)}
        </span>
      </span>
      <Tooltip label={t('instances.logs', { name })}>
        <ActionIcon
          size={24}
          aria-label={t('instances.logs', { name })}
          onClick={() => navigate('logs', target)}
        >
          <IconLogs size={14} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('instances.shell', { name })}>
        <ActionIcon
          size={24}
          aria-label={t('instances.shell', { name })}
          disabled={!isUp(state)}
          onClick={() => navigate('terminal', target)}
        >
          <IconTerminal2 size={14} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </li>
  );
}
