import { Button, Loader, Modal } from '@mantine/core';
import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppErrorData } from '../../../../shared/errors/app-error.ts';
import type { ServiceForm } from '../../../../shared/stack/stack-contract.ts';
import { ErrorCard } from '../../../errors/error-card.tsx';
import { useClient } from '../../../rpc/client-context.tsx';
import { readAppError } from '../../../rpc/read-app-error.ts';
import { useProjectId } from '../../../rpc/selected-project.ts';
import { useAction } from '../../../rpc/use-action.ts';
import { closeDialog, openDialog, useStackUi } from '../stack-ui-store.ts';
import { EnvironmentFields } from './environment-fields.tsx';
import classes from './form-dialog.module.css';
import { hasBadNames, toChanges, toDraft } from './form-draft.ts';
import { ServiceFields } from './service-fields.tsx';

/** The settings of one service that are changed most; saving shows what they would do. */
export function FormDialog() {
  const { t } = useTranslation('services');
  const { t: tShell } = useTranslation('shell');
  const service = useStackUi((state) => (state.dialog?.kind === 'form' ? state.dialog.service : undefined));
  return (
    <Modal
      opened={service !== undefined}
      onClose={closeDialog}
      title={service === undefined ? '' : t('form.title', { service })}
      size={640}
      closeButtonProps={{ 'aria-label': tShell('actions.close') }}
    >
      {service !== undefined && <LoadedForm key={service} service={service} />}
    </Modal>
  );
}

function LoadedForm({ service }: { service: string }) {
  const { t: tShell } = useTranslation('shell');
  const client = useClient();
  const projectId = useProjectId();
  const [form, setForm] = useState<ServiceForm>();
  const [error, setError] = useState<AppErrorData>();
  const read = useCallback(() => {
    setError(undefined);
    client.stack
      .readServiceForm({ projectId, service })
      .then(setForm)
      .catch((thrown: unknown) => setError(readAppError(thrown)));
  }, [client, projectId, service]);
  useEffect(read, [read]);
  if (error)
    return <ErrorCard error={error} actions={<Button onClick={read}>{tShell('actions.retry')}</Button>} />;
  if (!form) return <Loader size="sm" className={classes.loader} aria-label={tShell('loading')} />;
  return <Form key={form.version} service={service} form={form} onReread={read} />;
}

interface FormProps {
  readonly service: string;
  readonly form: ServiceForm;
  readonly onReread: () => void;
}

function Form({ service, form, onReread }: FormProps) {
  const { t } = useTranslation('services');
  const { t: tShell } = useTranslation('shell');
  const client = useClient();
  const projectId = useProjectId();
  const [draft, setDraft] = useState(() => toDraft(form));
  const changes = toChanges(form, draft);
  const isBad = hasBadNames(draft);
  const save = useAction(
    async () => {
      await client.stack.writeServiceForm({ projectId, service, version: form.version, changes });
      openDialog({ kind: 'start' });
    },
    { onError: 'inline' },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (changes.length > 0 && !isBad) void save.run();
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <p className={classes.file}>{t('form.file', { file: form.file })}</p>
      <div className={classes.scroll}>
        <ServiceFields draft={draft} onChange={setDraft} />
        <EnvironmentFields
          variables={draft.environment}
          hasBadNames={isBad}
          onChange={(environment) => setDraft({ ...draft, environment })}
        />
      </div>
      {save.error && (
        <ErrorCard
          compact
          error={save.error}
          actions={
            save.error.code === 'file.changed' && <Button onClick={onReread}>{t('form.stale')}</Button>
          }
        />
      )}
      <div className={classes.foot}>
        <span>{changes.length === 0 && t('form.nothing')}</span>
        <Button onClick={closeDialog}>{tShell('actions.cancel')}</Button>
        <Button
          type="submit"
          variant="filled"
          loading={save.pending}
          disabled={changes.length === 0 || isBad}
        >
          {t('form.save')}
        </Button>
      </div>
    </form>
  );
}
