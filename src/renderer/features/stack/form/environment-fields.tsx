import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { isSecret } from '../../../../shared/stack/is-secret.ts';
import classes from './form-dialog.module.css';
import type { DraftVariable } from './form-draft.ts';

interface EnvironmentFieldsProps {
  readonly variables: readonly DraftVariable[];
  readonly hasBadNames: boolean;
  readonly onChange: (variables: readonly DraftVariable[]) => void;
}

export function EnvironmentFields({ variables, hasBadNames, onChange }: EnvironmentFieldsProps) {
  const { t } = useTranslation('services');
  const change = (key: number, to: Partial<DraftVariable>) =>
    onChange(variables.map((variable) => (variable.key === key ? { ...variable, ...to } : variable)));
  const add = () => {
    const key = Math.max(-1, ...variables.map((variable) => variable.key)) + 1;
    onChange([...variables, { key, name: '', value: '' }]);
  };
  return (
    <fieldset className={classes.environment}>
      <legend>{t('form.environment')}</legend>
      {variables.map(({ key, name, value }) => (
        <div key={key} className={classes.variable}>
          <TextInput
            size="xs"
            aria-label={t('form.name')}
            placeholder={t('form.name')}
            value={name}
            spellCheck={false}
            onChange={(event) => change(key, { name: event.currentTarget.value })}
          />
          <TextInput
            size="xs"
            aria-label={`${name || t('form.name')}: ${t('form.value')}`}
            placeholder={value === null ? t('form.fromOutside') : ''}
            value={value ?? ''}
            data-secret={isSecret(name, value ?? '') || undefined}
            spellCheck={false}
            onChange={(event) => change(key, { value: event.currentTarget.value })}
          />
          <ActionIcon
            size={24}
            aria-label={t('form.removeVariable', { name: name || t('form.name') })}
            onClick={() => onChange(variables.filter((variable) => variable.key !== key))}
          >
            <IconTrash size={14} stroke={1.7} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      {hasBadNames && <p className={classes.problem}>{t('form.badName')}</p>}
      <Button
        size="compact-sm"
        variant="subtle"
        leftSection={<IconPlus size={13} stroke={1.8} aria-hidden />}
        onClick={add}
      >
        {t('form.addVariable')}
      </Button>
    </fieldset>
  );
}
