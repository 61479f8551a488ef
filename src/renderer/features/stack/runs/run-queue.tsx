import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { StackSnapshot } from '../../../../shared/stack/stack-snapshot.ts';
import type { StackActions } from '../use-stack-actions.ts';
import classes from './run-panel.module.css';
import { runText } from './run-text.ts';

interface RunQueueProps {
  readonly queue: NonNullable<StackSnapshot['queue']>;
  readonly actions: StackActions;
}

/** What has been asked for and waits for the run under way, in the order in which it will run. */
export function RunQueue({ queue, actions }: RunQueueProps) {
  const { t } = useTranslation('stack');
  if (queue.length === 0) return null;
  return (
    <section className={classes.queue} aria-label={t('run.waiting', { count: queue.length })}>
      <span>{t('run.waiting', { count: queue.length })}</span>
      <ol>
        {queue.map((item) => (
          <li key={item.id}>
            {runText(t, item)}
            <ActionIcon
              size={18}
              aria-label={t('run.unqueue', { what: runText(t, item) })}
              title={t('run.unqueue', { what: runText(t, item) })}
              onClick={() => actions.cancel(item.id)}
            >
              <IconX size={12} stroke={1.8} aria-hidden />
            </ActionIcon>
          </li>
        ))}
      </ol>
    </section>
  );
}
