import { Button } from '@mantine/core';
import type { GatewayStatus } from '@skilldeck/agent-skills';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { configWords } from '../../../shared/gateway/config-words.ts';
import { presentPhrase } from '../../errors/present-error.ts';
import { Facts } from '../../ui/facts.tsx';
import classes from './gateway.module.css';
import { SettingsDialog } from './settings-dialog.tsx';

/** By what settings the gateway runs, and what is wrong with the file that it was to take them from. */
export function SettingsCard({ status }: { status: GatewayStatus }) {
  const { t } = useTranslation('gateway');
  const { t: errors } = useTranslation('errors');
  const [isOpen, setIsOpen] = useState(false);
  const { config } = status;
  const words = configWords(config.problems);
  const problem = words === undefined ? config.error : presentPhrase(errors, words);
  return (
    <section className={classes.card} aria-label={t('config.title')}>
      <h2>
        {t('config.title')}
        <Button
          size="compact-xs"
          variant="default"
          className={classes.cardAction}
          onClick={() => setIsOpen(true)}
        >
          {t('config.all')}
        </Button>
      </h2>
      <Facts
        facts={[
          { label: t('config.version'), value: status.version },
          { label: t('config.slots'), value: `${status.maxConcurrent} + ${status.maxQueue}` },
          { label: t('config.secrets'), value: config.secrets.join(', ') || '–' },
          ...(config.restartRequired.length === 0
            ? []
            : [{ label: t('config.restart'), value: config.restartRequired.join(', ') }]),
        ]}
      />
      {problem && <p className={classes.problem}>{problem}</p>}
      {isOpen && <SettingsDialog loadedAt={config.loadedAt} onClose={() => setIsOpen(false)} />}
    </section>
  );
}
