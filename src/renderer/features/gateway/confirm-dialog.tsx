import { Button, Group, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ErrorCard } from '../../errors/error-card.tsx';
import { useAction } from '../../rpc/use-action.ts';
import classes from './keys.module.css';

interface ConfirmDialogProps {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly isDangerous?: boolean;
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks before something that cannot be taken back; a failure stays in the dialog. */
export function ConfirmDialog({
  action,
  isDangerous = true,
  onClose,
  onConfirm,
  text,
  title,
}: ConfirmDialogProps) {
  const { t } = useTranslation('shell');
  const confirm = useAction(onConfirm, { onError: 'inline' });
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('actions.close') }}>
      <div className={classes.form}>
        <p>{text}</p>
        {confirm.error && <ErrorCard compact error={confirm.error} />}
        <Group justify="flex-end">
          <Button data-autofocus onClick={onClose}>
            {t('actions.cancel')}
          </Button>
          <Button
            variant="filled"
            {...(isDangerous ? { color: 'red' } : {})}
            loading={confirm.pending}
            onClick={() => void confirm.run()}
          >
            {action}
          </Button>
        </Group>
      </div>
    </Modal>
  );
}
