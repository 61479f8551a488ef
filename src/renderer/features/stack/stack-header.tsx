import { ActionIcon, Button, Menu, SegmentedControl } from '@mantine/core';
import {
  IconAdjustments,
  IconChevronDown,
  IconCloudDownload,
  IconDots,
  IconFileCode,
  IconFolder,
  IconHammer,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconTrash,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { StackSnapshot } from '../../../shared/stack/stack-snapshot.ts';
import { stateTone } from '../../shell/engine-text.ts';
import { Chip } from '../../ui/chip.tsx';
import { formatAge } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { useNow } from '../../ui/use-now.ts';
import { ProjectSwitcher } from '../projects/project-switcher.tsx';
import { layoutOf } from './pick-layout.ts';
import { countChanges } from './plan-groups.ts';
import { stoppable } from './service-state.ts';
import { openDialog, setLayout, useStackUi } from './stack-ui-store.ts';
import type { StackActions } from './use-stack-actions.ts';

const ICON = { size: 14, stroke: 1.8, 'aria-hidden': true } as const;

interface StackHeaderProps {
  readonly snapshot: StackSnapshot;
  readonly actions: StackActions;
}

export function StackHeader({ snapshot, actions }: StackHeaderProps) {
  const { t } = useTranslation('stack');
  const changes = isUp(snapshot) ? countChanges(snapshot.plan) : 0;
  return (
    <PageHeader
      title={<ProjectSwitcher name={snapshot.project.name} />}
      facts={
        <>
          <StateChip snapshot={snapshot} />
          <UnsupportedChip snapshot={snapshot} />
          {changes > 0 && <Chip tone="warn">{t('changes', { count: changes })}</Chip>}
        </>
      }
      actions={
        <>
          <Profiles snapshot={snapshot} actions={actions} />
          {snapshot.services.length > 0 && <LayoutSwitch count={snapshot.services.length} />}
          <More snapshot={snapshot} actions={actions} />
          <StackButtons snapshot={snapshot} actions={actions} changes={changes} />
        </>
      }
    />
  );
}

const isUp = (snapshot: StackSnapshot) => snapshot.state === 'running' || snapshot.state === 'degraded';

function StackButtons({ snapshot, actions, changes }: StackHeaderProps & { readonly changes: number }) {
  const { t } = useTranslation('stack');
  const canAct = snapshot.engine.kind === 'connected';
  // Everything else waits in the queue; a second start would only do what the first does.
  const canStartNow = canAct && snapshot.run?.outcome !== 'running';
  const up = isUp(snapshot);
  const existing = stoppable(snapshot.services);
  const canStart = snapshot.plan !== undefined || snapshot.projectError !== undefined || !up;
  return (
    <>
      {up && (
        <Button leftSection={<IconRefresh {...ICON} />} disabled={!canAct} onClick={() => actions.restart()}>
          {t('restart')}
        </Button>
      )}
      {(up || (existing.length > 0 && snapshot.state !== 'stopped')) && (
        <Button
          leftSection={<IconPlayerStop {...ICON} />}
          disabled={!canAct}
          onClick={() => actions.stop(existing)}
        >
          {t('stop')}
        </Button>
      )}
      {canStart && (!up || changes > 0) && (
        <Button
          variant="filled"
          leftSection={<IconPlayerPlay {...ICON} />}
          disabled={!canStartNow || snapshot.projectError !== undefined}
          onClick={actions.askStart}
        >
          {up
            ? t('applyChanges', { count: changes })
            : snapshot.state === 'failed'
              ? t('retryStart')
              : t('start')}
        </Button>
      )}
    </>
  );
}

/** What is asked for less often. */
function More({ snapshot, actions }: StackHeaderProps) {
  const { t } = useTranslation('services');
  const { t: tStack } = useTranslation('stack');
  const { t: tPlan } = useTranslation('plan');
  const isDocker = snapshot.engine.engine === 'docker';
  const canAct = snapshot.engine.kind === 'connected';
  const hasFiles = snapshot.plan !== undefined;
  return (
    <Menu position="bottom-end" width={236}>
      <Menu.Target>
        <ActionIcon aria-label={t('more', { name: snapshot.project.name })}>
          <IconDots size={16} stroke={1.8} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconFolder {...ICON} />} onClick={actions.openWorkspace}>
          {tStack('openFolder')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconFileCode {...ICON} />}
          disabled={snapshot.projectError !== undefined || !hasFiles}
          onClick={() => openDialog({ kind: 'config' })}
        >
          {t('config.open')}
        </Menu.Item>
        {isDocker && (
          <>
            <Menu.Divider />
            <Menu.Item
              leftSection={<IconCloudDownload {...ICON} />}
              disabled={!canAct || !hasFiles}
              onClick={() => actions.pull([])}
            >
              {t('pullAll')}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconHammer {...ICON} />}
              disabled={!canAct || !hasFiles}
              onClick={() => actions.build([])}
            >
              {t('buildAll')}
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item
              color="red"
              leftSection={<IconTrash {...ICON} />}
              disabled={!canAct}
              onClick={actions.askDown}
            >
              {tPlan('down.open')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function Profiles({ snapshot, actions }: StackHeaderProps) {
  const { t } = useTranslation('services');
  const profiles = snapshot.project.profiles ?? [];
  if (profiles.length === 0) return null;
  const on = profiles.filter(({ active }) => active).length;
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <Button
          variant="subtle"
          leftSection={<IconAdjustments {...ICON} />}
          rightSection={<IconChevronDown size={13} stroke={1.8} aria-hidden />}
        >
          {t('profiles.button', { active: on, count: profiles.length })}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
        <Menu.Label>{t('profiles.hint')}</Menu.Label>
        {profiles.map(({ name, active: isActive }) => (
          <Menu.CheckboxItem
            key={name}
            checked={isActive}
            onChange={(active) => actions.setProfile(name, active)}
          >
            {name}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function LayoutSwitch({ count }: { count: number }) {
  const { t } = useTranslation('services');
  const layout = layoutOf(
    useStackUi((state) => state.layout),
    count,
  );
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('layout.label')}
      value={layout}
      data={[
        { value: 'map', label: t('layout.map') },
        { value: 'table', label: t('layout.table') },
      ]}
      onChange={setLayout}
    />
  );
}

/** While it runs the list stays out of the way; a click shows it. */
function UnsupportedChip({ snapshot }: { snapshot: StackSnapshot }) {
  const { t } = useTranslation('plan');
  const count = snapshot.project.unsupported?.length ?? 0;
  if (count === 0) return null;
  return (
    <Chip tone="bad" onClick={() => openDialog({ kind: 'start' })}>
      {t('unsupported.chip', { count })}
    </Chip>
  );
}

function StateChip({ snapshot }: { snapshot: StackSnapshot }) {
  const { t } = useTranslation('stack');
  const { t: tShell } = useTranslation('shell');
  const starts = snapshot.services.flatMap((service) =>
    'since' in service.state && service.state.since !== undefined ? [service.state.since] : [],
  );
  const since = isUp(snapshot) && starts.length > 0 ? Math.min(...starts) : undefined;
  const now = useNow(1000, since !== undefined);
  const state = tShell(`state.${snapshot.state}`);
  return (
    <Chip tone={stateTone(snapshot.state)}>
      {since === undefined ? state : t('stateFor', { state, age: formatAge(tShell, now - since) })}
    </Chip>
  );
}
