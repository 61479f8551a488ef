import { Button, Loader, Modal } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppErrorData } from '../../../shared/errors/app-error.ts';
import { ErrorCard } from '../../errors/error-card.tsx';
import { useClient } from '../../rpc/client-context.tsx';
import { readAppError } from '../../rpc/read-app-error.ts';
import { useProjectId } from '../../rpc/selected-project.ts';
import { copyText } from '../../ui/copy-text.ts';
import classes from './config-dialog.module.css';
import { closeDialog, useStackUi } from './stack-ui-store.ts';

/** The whole project as the engine is asked for it: all files merged, variables filled in, secrets masked. */
export function ConfigDialog({ project }: { project: string }) {
  const { t } = useTranslation('services');
  const { t: tShell } = useTranslation('shell');
  const isOpen = useStackUi((state) => state.dialog?.kind === 'config');
  const title = t('config.title', { project });
  return (
    <Modal
      opened={isOpen}
      onClose={closeDialog}
      title={title}
      size="min(860px, 92vw)"
      closeButtonProps={{ 'aria-label': tShell('actions.close') }}
    >
      {isOpen && <Config title={title} />}
    </Modal>
  );
}

function Config({ title }: { title: string }) {
  const { t } = useTranslation('services');
  const { t: tShell } = useTranslation('shell');
  const client = useClient();
  const projectId = useProjectId();
  const [text, setText] = useState<string>();
  const [error, setError] = useState<AppErrorData>();
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    const controller = new AbortController();
    client.stack
      .config({ projectId }, { signal: controller.signal })
      .then((config) => setText(config.text))
      .catch((thrown: unknown) => {
        if (!controller.signal.aborted) setError(readAppError(thrown));
      });
    return () => controller.abort();
  }, [client, projectId]);
  if (error) return <ErrorCard error={error} />;
  if (text === undefined)
    return <Loader size="sm" className={classes.loader} aria-label={tShell('loading')} />;
  const copy = async () => {
    await copyText(text);
    setIsCopied(true);
  };
  return (
    <>
      <div className={classes.head}>
        <p>{t('config.intro')}</p>
        <Button leftSection={<IconCopy size={14} stroke={1.7} aria-hidden />} onClick={() => void copy()}>
          {isCopied ? t('config.copied') : t('config.copy')}
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
      <section className={classes.text} aria-label={title} tabIndex={0} lang="en">
        <pre>{text}</pre>
      </section>
    </>
  );
}
