import { Button, Checkbox, Group, Modal, NumberInput, Select, TagsInput, TextInput } from '@mantine/core';
import type { KeyScope, KeySettings, KeyView } from '@skilldeck/agent-skills';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorCard } from '../../errors/error-card.tsx';
import { useAction } from '../../rpc/use-action.ts';
import { type KeyForm, type KeyProblem, LIMITS, NEW_KEY, SCOPES, toForm, toSettings } from './key-form.ts';
import classes from './keys.module.css';

interface KeyDialogProps {
  /** Undefined: a new one. */
  readonly edited: KeyView | undefined;
  readonly onSave: (settings: KeySettings) => Promise<void>;
  readonly onClose: () => void;
}

/** Makes a key or changes one. */
export function KeyDialog({ edited, onClose, onSave }: KeyDialogProps) {
  const { t } = useTranslation('keys');
  const [form, setForm] = useState<KeyForm>(() => (edited === undefined ? NEW_KEY : toForm(edited)));
  const [problems, setProblems] = useState<ReadonlySet<KeyProblem>>(new Set());
  const save = useAction(onSave, { onError: 'inline' });
  const set = (change: Partial<KeyForm>) => {
    setForm({ ...form, ...change });
    // What was wrong is judged again when it is sent again.
    setProblems(new Set());
  };
  const problem = (field: KeyProblem) =>
    problems.has(field) &&
    t(
      `problem.${field === 'name' || field === 'scopes' || field === 'lastDay' || field === 'skills' ? field : 'number'}`,
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const result = toSettings(form, Date.now());
    if ('problems' in result) return setProblems(result.problems);
    setProblems(new Set());
    return void save.run(result.settings);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size={560}
      title={edited === undefined ? t('new') : t('editTitle', { name: edited.name })}
      closeButtonProps={{ 'aria-label': t('actions.close', { ns: 'shell' }) }}
    >
      <form onSubmit={submit} className={classes.form} noValidate>
        <TextInput
          data-autofocus
          label={t('field.name')}
          description={t('field.nameHint')}
          maxLength={80}
          value={form.name}
          error={problem('name')}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Checkbox.Group
          label={t('field.scopes')}
          value={[...form.scopes]}
          error={problem('scopes')}
          onChange={(scopes) => set({ scopes: scopes as KeyScope[] })}
        >
          <div className={classes.scopes}>
            {SCOPES.map((scope) => (
              <Checkbox key={scope} size="xs" value={scope} label={t(`scope.${scope}`)} />
            ))}
          </div>
        </Checkbox.Group>
        <fieldset className={classes.limits}>
          <legend>{t('field.limits')}</legend>
          {LIMITS.map((limit) => (
            <NumberInput
              key={limit}
              label={t(`limit.${limit}`)}
              placeholder={t('field.noLimit')}
              min={1}
              allowDecimal={false}
              thousandSeparator=" "
              hideControls
              value={form.limits[limit]}
              error={problem(limit)}
              onChange={(value) =>
                set({ limits: { ...form.limits, [limit]: typeof value === 'number' ? value : '' } })
              }
            />
          ))}
          <NumberInput
            label={t('field.weight')}
            min={0.01}
            max={1000}
            hideControls
            value={form.weight}
            error={problem('weight')}
            onChange={(value) => set({ weight: typeof value === 'number' ? value : '' })}
          />
        </fieldset>
        <div className={classes.pair}>
          <Select
            label={t('field.priority')}
            allowDeselect={false}
            value={form.priority}
            data={(['interactive', 'batch'] as const).map((value) => ({
              value,
              label: t(`priority.${value}`),
            }))}
            onChange={(value) => set({ priority: value === 'batch' ? 'batch' : 'interactive' })}
          />
          <TextInput
            type="date"
            label={t('field.lastDay')}
            value={form.lastDay}
            error={problem('lastDay')}
            onChange={(event) => set({ lastDay: event.currentTarget.value })}
          />
        </div>
        <TagsInput
          label={t('field.models')}
          placeholder={form.models.length === 0 ? t('field.allModels') : ''}
          value={[...form.models]}
          onChange={(models) => set({ models })}
        />
        <Select
          label={t('field.skills')}
          allowDeselect={false}
          value={form.skills}
          data={(['default', 'auto', 'none', 'list'] as const).map((value) => ({
            value,
            label: t(`skills.${value}`),
          }))}
          onChange={(value) => set({ skills: (value ?? 'default') as KeyForm['skills'] })}
        />
        {form.skills === 'list' && (
          <TagsInput
            label={t('field.skillNames')}
            value={[...form.skillNames]}
            error={problem('skills')}
            onChange={(skillNames) => set({ skillNames })}
          />
        )}
        {save.error && <ErrorCard compact error={save.error} />}
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('actions.cancel', { ns: 'shell' })}</Button>
          <Button type="submit" variant="filled" loading={save.pending}>
            {edited === undefined ? t('create') : t('save')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
