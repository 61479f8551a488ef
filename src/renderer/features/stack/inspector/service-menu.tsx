import { ActionIcon, Menu } from '@mantine/core';
import {
  IconBolt,
  IconCloudDownload,
  IconDots,
  IconHammer,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconTrash,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ServiceSnapshot } from '../../../../shared/stack/stack-snapshot.ts';
import { isUp } from '../service-state.ts';
import { openDialog } from '../stack-ui-store.ts';
import type { ControlAction, StackActions } from '../use-stack-actions.ts';

interface ServiceMenuProps {
  readonly service: ServiceSnapshot;
  readonly actions: StackActions;
  readonly canAct: boolean;
  readonly isSandbox: boolean;
  /** Its files are read, so that it can be changed, pulled and built. */
  readonly hasFiles: boolean;
}

const ICON = { size: 14, stroke: 1.7, 'aria-hidden': true } as const;
const CONTROLS = [
  { action: 'start', icon: IconPlayerPlay },
  { action: 'stop', icon: IconPlayerStop },
  { action: 'pause', icon: IconPlayerPause },
  { action: 'unpause', icon: IconPlayerPlay },
  { action: 'kill', icon: IconBolt },
] as const;

/** Everything that can be done to one service. */
export function ServiceMenu({ service, actions, canAct, isSandbox, hasFiles }: ServiceMenuProps) {
  const { t } = useTranslation('services');
  const { name } = service;
  const isDescribed = hasFiles && !service.orphan;
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon aria-label={t('more', { name })}>
          <IconDots size={15} stroke={1.8} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {isDescribed && !isSandbox && (
          <>
            <Menu.Item
              leftSection={<IconPencil {...ICON} />}
              onClick={() => openDialog({ kind: 'form', service: name })}
            >
              {t('form.open')}
            </Menu.Item>
            <Menu.Divider />
          </>
        )}
        {CONTROLS.filter(({ action }) => isOffered(action, service, isSandbox)).map(
          ({ action, icon: Icon }) => (
            <Menu.Item
              key={action}
              leftSection={<Icon {...ICON} />}
              disabled={!canAct}
              onClick={() => actions.control(action, name)}
            >
              {t(`control.${action}`)}
            </Menu.Item>
          ),
        )}
        {isDescribed && !isSandbox && (
          <>
            <Menu.Divider />
            <Menu.Item
              leftSection={<IconCloudDownload {...ICON} />}
              disabled={!canAct}
              onClick={() => actions.pull([name])}
            >
              {t('pull')}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconHammer {...ICON} />}
              disabled={!canAct}
              onClick={() => actions.build([name])}
            >
              {t('build')}
            </Menu.Item>
          </>
        )}
        {isOffered('remove', service, isSandbox) && (
          <>
            <Menu.Divider />
            <Menu.Item
              color="red"
              leftSection={<IconTrash {...ICON} />}
              disabled={!canAct}
              onClick={() => actions.control('remove', name)}
            >
              {t('control.remove')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Only what makes a difference in the state that it is in. */
function isOffered(action: ControlAction, service: ServiceSnapshot, isSandbox: boolean): boolean {
  const { kind } = service.state;
  const exists = service.instances.length > 0;
  switch (action) {
    case 'start':
      return exists && ['created', 'stopped', 'completed', 'failed', 'degraded'].includes(kind);
    case 'stop':
    case 'kill':
      return isUp(service.state);
    case 'pause':
      return !isSandbox && isUp(service.state) && kind !== 'paused';
    case 'unpause':
      return kind === 'paused';
    case 'remove':
      return !isSandbox && exists && !isUp(service.state);
  }
}
