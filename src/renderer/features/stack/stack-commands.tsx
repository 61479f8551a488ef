import {
  IconExternalLink,
  IconFileCode,
  IconFolder,
  IconPlayerPlay,
  IconPlayerStop,
  IconPlugConnected,
  IconRefresh,
  IconTrash,
  IconX,
} from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../rpc/client-context.tsx';
import { useStackSnapshot } from '../../rpc/mirrors.ts';
import { useProjectId } from '../../rpc/selected-project.ts';
import { type Command, useCommands } from '../../shell/commands.ts';
import { navigate } from '../../shell/ui-store.ts';
import { stoppable } from './service-state.ts';
import { openDialog } from './stack-ui-store.ts';
import { useStackActions } from './use-stack-actions.ts';

/** The stack's commands, offered on every page. */
export function StackCommands() {
  const { t } = useTranslation('stack');
  const client = useClient();
  const projectId = useProjectId();
  const actions = useStackActions();
  const snapshot = useStackSnapshot();
  const state = snapshot?.state ?? 'unknown';
  const runningId = snapshot?.run?.outcome === 'running' ? snapshot.run.id : undefined;
  // A string, so that commands are not registered anew with each of twenty snapshots a second.
  const endpoints = JSON.stringify(snapshot?.endpoints ?? []);
  const names = stoppable(snapshot?.services ?? []).join('\n');
  const isConnected = snapshot?.engine.kind === 'connected';
  const canStart = isConnected && runningId === undefined;
  const hasPlan = snapshot?.plan !== undefined;

  const commands = useMemo<readonly Command[]>(() => {
    const isUp = state === 'running' || state === 'degraded';
    const group = 'stack' as const;
    const addresses: { id: 'gateway' | 'gateway-tls' | 'file-manager' | 'file-manager-tls'; url: string }[] =
      JSON.parse(endpoints);
    return [
      {
        id: 'stack.start',
        title: t('commands.start'),
        group,
        icon: IconPlayerPlay,
        keywords: ['up', 'run', 'plan'],
        disabled: !canStart,
        run: actions.askStart,
      },
      {
        id: 'stack.stop',
        title: t('commands.stop'),
        group,
        icon: IconPlayerStop,
        keywords: ['down'],
        disabled: !isConnected || state === 'stopped',
        run: () => actions.stop(names.split('\n').filter(Boolean)),
      },
      {
        id: 'stack.down',
        title: t('commands.down'),
        group,
        icon: IconTrash,
        keywords: ['down', 'remove', 'volumes'],
        disabled: !isConnected,
        run: actions.askDown,
      },
      {
        id: 'stack.config',
        title: t('commands.config'),
        group,
        icon: IconFileCode,
        keywords: ['compose', 'yaml'],
        disabled: !hasPlan,
        run: () => {
          navigate('stack');
          openDialog({ kind: 'config' });
        },
      },
      {
        id: 'stack.restart',
        title: t('commands.restart'),
        group,
        icon: IconRefresh,
        disabled: !canStart || !isUp,
        run: () => actions.restart(),
      },
      {
        id: 'stack.cancel',
        title: t('commands.cancel'),
        group,
        icon: IconX,
        disabled: runningId === undefined,
        run: () => runningId !== undefined && actions.cancel(runningId),
      },
      {
        id: 'stack.openWorkspace',
        title: t('commands.openFolder'),
        group,
        icon: IconFolder,
        keywords: ['workspace'],
        run: actions.openWorkspace,
      },
      {
        id: 'stack.reconnect',
        title: t('commands.reconnect'),
        group,
        icon: IconPlugConnected,
        keywords: ['docker', 'engine'],
        run: actions.reconnect,
      },
      ...addresses.map((endpoint) => ({
        id: `stack.open.${endpoint.id}`,
        title: t('commands.openEndpoint', { name: t(`endpoint.${endpoint.id}`), url: endpoint.url }),
        group,
        icon: IconExternalLink,
        run: () => void client.stack.openEndpoint({ projectId, id: endpoint.id }).catch(() => undefined),
      })),
    ];
  }, [t, actions, state, runningId, endpoints, canStart, client, projectId, names, isConnected, hasPlan]);
  useCommands(commands);
  return null;
}
