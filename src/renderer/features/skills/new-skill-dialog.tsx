import { Button, Group, Modal, TextInput } from '@mantine/core';
import { SKILL_LIMITS, SKILL_NAME_PATTERN } from '@skilldeck/agent-skills';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorCard } from '../../errors/error-card.tsx';
import { useAction } from '../../rpc/use-action.ts';
import classes from './skills.module.css';
import { useSkillsStore } from './skills-hooks.ts';

export function NewSkillDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('skills');
  const skills = useSkillsStore();
  const [name, setName] = useState('');
  const create = useAction(
    async (wanted: string) => {
      await skills.create(wanted);
      close();
    },
    { onError: 'inline' },
  );
  const close = () => {
    setName('');
    create.clearError();
    onClose();
  };
  const isValid = SKILL_NAME_PATTERN.test(name) && name.length <= SKILL_LIMITS.nameLength;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isValid) void create.run(name);
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('new')}
      closeButtonProps={{ 'aria-label': t('actions.close', { ns: 'shell' }) }}
    >
      <form onSubmit={submit} className={classes.form}>
        <TextInput
          data-autofocus
          label={t('newName')}
          description={t('newHint')}
          placeholder="release-notes"
          value={name}
          error={name !== '' && !isValid && t('newBadName')}
          onChange={(event) => setName(event.currentTarget.value.trim())}
        />
        {create.error && <ErrorCard compact error={create.error} />}
        <Group justify="flex-end">
          <Button onClick={close}>{t('actions.cancel', { ns: 'shell' })}</Button>
          <Button type="submit" variant="filled" disabled={!isValid} loading={create.pending}>
            {t('create')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
