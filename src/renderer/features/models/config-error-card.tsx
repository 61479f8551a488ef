import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AppErrorData } from '../../../shared/errors/app-error.ts';
import { ErrorCard } from '../../errors/error-card.tsx';
import { useClient } from '../../rpc/client-context.tsx';
import { useAction } from '../../rpc/use-action.ts';

/** The gateway's `config.json` is broken on disk: where, and the way to the file. */
export function ConfigErrorCard({ error }: { error: AppErrorData }) {
  const { t } = useTranslation('stack');
  const client = useClient();
  const open = useAction(async () => void (await client.stack.openWorkspace({})));
  return (
    <ErrorCard
      compact
      error={error}
      actions={
        <Button size="compact-sm" loading={open.pending} onClick={() => void open.run()}>
          {t('openFolder')}
        </Button>
      }
    />
  );
}
