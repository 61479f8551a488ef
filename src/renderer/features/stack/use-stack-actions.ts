import { notifications } from '@mantine/notifications';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { showErrorDialog } from '../../errors/error-dialog.tsx';
import { useClient } from '../../rpc/client-context.tsx';
import { useSettingsSnapshot } from '../../rpc/mirrors.ts';
import { readAppError } from '../../rpc/read-app-error.ts';
import { navigate } from '../../shell/ui-store.ts';
import { setReviewOpen } from './stack-ui-store.ts';

export interface StackActions {
  /** Shows the plan first, unless the settings say not to. */
  readonly askStart: () => void;
  readonly start: () => void;
  readonly stop: () => void;
  readonly restart: (service?: string) => void;
  readonly cancel: (operationId: string) => void;
  readonly reconnect: () => void;
  readonly useSandbox: () => void;
  readonly openWorkspace: () => void;
  readonly moveBusyPort: (port: number) => void;
}

/** What can be done to the stack. What comes of it shows in the snapshot; only a refused call is reported here. */
export function useStackActions(): StackActions {
  const client = useClient();
  const { t } = useTranslation('stack');
  const reviews = useSettingsSnapshot()?.settings.reviewPlan ?? true;
  return useMemo(() => {
    const attempt = (call: () => Promise<unknown>) => {
      call().catch((error: unknown) => showErrorDialog(readAppError(error), () => attempt(call)));
    };
    const start = () => attempt(() => client.stack.start({}));
    return {
      start,
      askStart: () => {
        navigate('stack');
        if (reviews) setReviewOpen(true);
        else start();
      },
      stop: () => attempt(() => client.stack.stop({})),
      restart: (service) => attempt(() => client.stack.restart(service === undefined ? {} : { service })),
      cancel: (operationId) => attempt(() => client.stack.cancel({ operationId })),
      reconnect: () => attempt(() => client.stack.reconnect({})),
      useSandbox: () => attempt(() => client.settings.update({ engine: 'sandbox' })),
      openWorkspace: () => attempt(() => client.stack.openWorkspace({})),
      moveBusyPort: (port) =>
        attempt(async () => {
          const moved = await client.stack.moveBusyPort({ port });
          notifications.show({ message: t('port.moved', moved), autoClose: 5000 });
          await client.stack.start({});
        }),
    };
  }, [client, reviews, t]);
}
