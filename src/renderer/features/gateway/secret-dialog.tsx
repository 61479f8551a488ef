import { Button, Group, Modal } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { copyText } from '../../ui/copy-text.ts';
import classes from './keys.module.css';

/** Shows a secret the only time that anybody knows it; closing forgets it. */
export function SecretDialog({
  name,
  onClose,
  secret,
}: {
  name: string;
  secret: string;
  onClose: () => void;
}) {
  const { t } = useTranslation('keys');
  const [isCopied, setIsCopied] = useState(false);
  return (
    <Modal
      opened
      onClose={onClose}
      size={520}
      closeOnClickOutside={false}
      title={t('secret.title', { name })}
      closeButtonProps={{ 'aria-label': t('actions.close', { ns: 'shell' }) }}
    >
      <div className={classes.form}>
        <p>{t('secret.text')}</p>
        <output className={classes.secret} aria-label={t('secret.label')}>
          {secret}
        </output>
        <Group justify="flex-end">
          <Button
            data-autofocus
            onClick={() => {
              void copyText(secret).then(() => setIsCopied(true));
            }}
          >
            {t(isCopied ? 'secret.copied' : 'secret.copy')}
          </Button>
          <Button variant="filled" onClick={onClose}>
            {t('secret.done')}
          </Button>
        </Group>
      </div>
    </Modal>
  );
}
