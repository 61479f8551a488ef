import { Group, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DiffView } from '../../monaco/diff-view.tsx';
import type { Monaco } from '../../monaco/load-monaco.ts';
import classes from './skills.module.css';

interface CompareDialogProps {
  readonly monaco: Monaco;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly original: string;
  readonly modified: string;
  readonly actions: ReactNode;
}

export function CompareDialog({ monaco, opened, onClose, original, modified, actions }: CompareDialogProps) {
  const { t } = useTranslation('skills');
  const title = t('conflict.compareTitle');
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size="min(1100px, 92vw)"
      closeButtonProps={{ 'aria-label': t('actions.close', { ns: 'shell' }) }}
    >
      <DiffView
        monaco={monaco}
        original={original}
        modified={modified}
        label={title}
        className={classes.diff}
      />
      <Group justify="flex-end" mt="md">
        {actions}
      </Group>
    </Modal>
  );
}
