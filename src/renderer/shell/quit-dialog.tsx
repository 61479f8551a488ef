import { Button, Group, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface QuitDialogProps {
  readonly opened: boolean;
  readonly onAnswer: (quit: boolean) => void;
}

export function QuitDialog({ opened, onAnswer }: QuitDialogProps) {
  const { t } = useTranslation('shell');
  return (
    <Modal
      opened={opened}
      onClose={() => onAnswer(false)}
      title={t('quit.title')}
      closeButtonProps={{ 'aria-label': t('actions.close') }}
    >
      {t('quit.text')}
      <Group justify="flex-end" mt="md">
        <Button onClick={() => onAnswer(true)}>{t('quit.quit')}</Button>
        <Button variant="filled" data-autofocus onClick={() => onAnswer(false)}>
          {t('quit.stay')}
        </Button>
      </Group>
    </Modal>
  );
}
