import { notifications } from '@mantine/notifications';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { WORKSPACE_PROJECT } from '../../../shared/stack/projects-contract.ts';
import { showErrorDialog } from '../../errors/error-dialog.tsx';
import type { RpcClient } from '../../rpc/client.ts';
import { useClient } from '../../rpc/client-context.tsx';
import { useSettingsSnapshot } from '../../rpc/mirrors.ts';
import { readAppError } from '../../rpc/read-app-error.ts';
import { useProjectId } from '../../rpc/selected-project.ts';
import { navigate } from '../../shell/ui-store.ts';
import { openDialog } from './stack-ui-store.ts';

type Stack = RpcClient['stack'];
type UpChoice = Omit<Parameters<Stack['start']>[0], 'projectId'>;
type DownChoice = Omit<Parameters<Stack['stop']>[0], 'projectId'>;
export type ControlAction = Parameters<Stack['control']>[0]['action'];

export interface StackActions {
  /** Shows the plan first, unless the settings say not to. */
  readonly askStart: () => void;
  readonly start: (choice?: UpChoice) => void;
  /** Shows what will go, and asks. */
  readonly askDown: () => void;
  readonly down: (choice: DownChoice) => void;
  /** Takes the workspace down, which keeps its data; containers of other projects stay and only stop. */
  readonly stop: (services: readonly string[]) => void;
  readonly restart: (service?: string) => void;
  readonly control: (action: ControlAction, service: string) => void;
  readonly scale: (service: string, replicas: number) => void;
  readonly pull: (services: readonly string[]) => void;
  readonly build: (services: readonly string[]) => void;
  readonly setProfile: (profile: string, active: boolean) => void;
  readonly cancel: (operationId: string) => void;
  readonly reconnect: () => void;
  readonly useSandbox: () => void;
  readonly openWorkspace: () => void;
  readonly moveBusyPort: (port: number) => void;
}

/**
 * What can be done to the project that is shown.
 *
 * What comes of it shows in the snapshot; only a refused call is reported here.
 */
export function useStackActions(): StackActions {
  const client = useClient();
  const projectId = useProjectId();
  const { t } = useTranslation('stack');
  const reviews = useSettingsSnapshot()?.settings.reviewPlan ?? true;
  return useMemo(() => {
    const attempt = (call: () => Promise<unknown>) => {
      call().catch((error: unknown) => showErrorDialog(readAppError(error), () => attempt(call)));
    };
    const start = (choice: UpChoice = {}) => attempt(() => client.stack.start({ projectId, ...choice }));
    const down = (choice: DownChoice) => attempt(() => client.stack.stop({ projectId, ...choice }));
    return {
      start,
      down,
      askStart: () => {
        navigate('stack');
        if (reviews) openDialog({ kind: 'start' });
        else start();
      },
      askDown: () => {
        navigate('stack');
        openDialog({ kind: 'down' });
      },
      stop: (services) => {
        if (projectId === WORKSPACE_PROJECT) return down({});
        attempt(() => client.stack.control({ projectId, action: 'stop', services: [...services] }));
      },
      restart: (service) =>
        attempt(() => client.stack.restart({ projectId, ...(service === undefined ? {} : { service }) })),
      control: (action, service) =>
        attempt(() => client.stack.control({ projectId, action, services: [service] })),
      scale: (service, replicas) => attempt(() => client.stack.scale({ projectId, service, replicas })),
      pull: (services) => attempt(() => client.stack.pull({ projectId, services: [...services] })),
      build: (services) => attempt(() => client.stack.build({ projectId, services: [...services] })),
      setProfile: (profile, active) => attempt(() => client.stack.setProfile({ projectId, profile, active })),
      cancel: (operationId) => attempt(() => client.stack.cancel({ projectId, operationId })),
      reconnect: () => attempt(() => client.stack.reconnect({ projectId })),
      useSandbox: () => attempt(() => client.settings.update({ engine: 'sandbox' })),
      openWorkspace: () => attempt(() => client.stack.openWorkspace({ projectId })),
      moveBusyPort: (port) =>
        attempt(async () => {
          const moved = await client.stack.moveBusyPort({ projectId, port });
          notifications.show({ message: t('port.moved', moved), autoClose: 5000 });
          await client.stack.start({ projectId });
        }),
    };
  }, [client, projectId, reviews, t]);
}
