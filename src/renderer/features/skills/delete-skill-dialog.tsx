import { Button, Group, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ErrorCard } from '../../errors/error-card.tsx';
import { useAction } from '../../rpc/use-action.ts';
import classes from './skills.module.css';
import { useSkillsStore } from './skills-hooks.ts';

export function DeleteSkillDialog({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const { t } = useTranslation('skills');
  const skills = useSkillsStore();
  const remove = useAction(
    async (skill: string) => {
      await skills.remove(skill);
      onClose();
    },
    { onError: 'inline' },
  );
  const close = () => {
    remove.clearError();
    onClose();
  };
  return (
    <Modal
      opened={id !== undefined}
      onClose={close}
      title={t('deleteTitle', { name: id ?? '' })}
      closeButtonProps={{ 'aria-label': t('actions.close', { ns: 'shell' }) }}
    >
      <div className={classes.form}>
        <p>{t('deleteText')}</p>
        {remove.error && <ErrorCard compact error={remove.error} />}
        <Group justify="flex-end">
          <Button data-autofocus onClick={close}>
            {t('actions.cancel', { ns: 'shell' })}
          </Button>
          <Button
            color="red"
            variant="filled"
            loading={remove.pending}
            onClick={() => id && void remove.run(id)}
          >
            {t('delete')}
          </Button>
        </Group>
      </div>
    </Modal>
  );
}
