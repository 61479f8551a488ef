import { Button } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../ui/empty-state.tsx';
import classes from './full-page.module.css';

export function ConnectionLost() {
  const { t } = useTranslation('shell');
  return (
    <main className={classes.page} role="alert">
      <EmptyState
        icon={<IconPlugConnectedX size={38} stroke={1.3} />}
        title={t('lost.title')}
        actions={
          <Button variant="filled" autoFocus onClick={() => window.location.reload()}>
            {t('lost.reload')}
          </Button>
        }
      >
        {t('lost.text')}
      </EmptyState>
    </main>
  );
}
