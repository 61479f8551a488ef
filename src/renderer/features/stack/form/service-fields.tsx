import { NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './form-dialog.module.css';
import type { FormDraft } from './form-draft.ts';

interface ServiceFieldsProps {
  readonly draft: FormDraft;
  readonly onChange: (draft: FormDraft) => void;
}

const RESTART = ['no', 'always', 'on-failure', 'unless-stopped'];

export function ServiceFields({ draft, onChange }: ServiceFieldsProps) {
  const { t } = useTranslation('services');
  const set = (change: Partial<FormDraft>) => onChange({ ...draft, ...change });
  // `on-failure:3` has a number of its own.
  const policies =
    RESTART.includes(draft.restart) || draft.restart === '' ? RESTART : [...RESTART, draft.restart];
  return (
    <div className={classes.fields}>
      <TextInput
        className={classes.wide}
        label={t('form.image')}
        value={draft.image}
        spellCheck={false}
        onChange={(event) => set({ image: event.currentTarget.value })}
      />
      <Select
        label={t('form.restart')}
        data={policies}
        value={draft.restart || null}
        placeholder={t('form.restartUnset')}
        clearable
        onChange={(restart) => set({ restart: restart ?? '' })}
      />
      <NumberInput
        label={t('form.replicas')}
        min={0}
        max={100}
        allowDecimal={false}
        value={draft.replicas === '' ? '' : Number(draft.replicas)}
        onChange={(replicas) => set({ replicas: String(replicas) })}
      />
      <TextInput
        label={t('form.cpus')}
        placeholder={t('form.cpusHint')}
        value={draft.cpus}
        onChange={(event) => set({ cpus: event.currentTarget.value })}
      />
      <TextInput
        label={t('form.memory')}
        placeholder={t('form.memoryHint')}
        value={draft.memory}
        onChange={(event) => set({ memory: event.currentTarget.value })}
      />
      <Textarea
        className={classes.wide}
        label={t('form.ports')}
        placeholder={t('form.portsHint')}
        rows={Math.min(5, Math.max(2, draft.ports.split('\n').length))}
        spellCheck={false}
        value={draft.ports}
        onChange={(event) => set({ ports: event.currentTarget.value })}
      />
    </div>
  );
}
