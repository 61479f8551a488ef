import { Button, Group, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { AppErrorData } from '../../shared/errors/app-error.ts';
import { ErrorCard } from './error-card.tsx';

interface DialogState {
  readonly error: AppErrorData | undefined;
  readonly retry: (() => void) | undefined;
}

const dialogStore = createStore<DialogState>(() => ({ error: undefined, retry: undefined }));

/** For an actionable fault that has no place of its own on the page. */
export function showErrorDialog(error: AppErrorData, retry?: () => void): void {
  dialogStore.setState({ error, retry });
}

const close = () => dialogStore.setState({ error: undefined, retry: undefined });

export function ErrorDialog() {
  const { t } = useTranslation('shell');
  const { error, retry } = useStore(dialogStore);
  return (
    <Modal
      opened={error !== undefined}
      onClose={close}
      title={t('error.dialogTitle')}
      closeButtonProps={{ 'aria-label': t('actions.close') }}
    >
      {error && <ErrorCard error={error} />}
      <Group justify="flex-end" mt="md">
        <Button onClick={close}>{t('actions.close')}</Button>
        {retry && (
          <Button
            variant="filled"
            data-autofocus
            onClick={() => {
              close();
              retry();
            }}
          >
            {t('actions.retry')}
          </Button>
        )}
      </Group>
    </Modal>
  );
}
