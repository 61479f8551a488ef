import { Button } from '@mantine/core';
import { IconFolder, IconPlayerPlay, IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { StackSnapshot } from '../../../shared/stack/stack-snapshot.ts';
import { stateTone } from '../../shell/engine-text.ts';
import { Chip } from '../../ui/chip.tsx';
import { formatAge } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { useNow } from '../../ui/use-now.ts';
import { countChanges } from './plan-groups.ts';
import type { StackActions } from './use-stack-actions.ts';

const ICON = { size: 14, stroke: 1.8, 'aria-hidden': true } as const;

interface StackHeaderProps {
  readonly snapshot: StackSnapshot;
  readonly actions: StackActions;
}

export function StackHeader({ snapshot, actions }: StackHeaderProps) {
  const { t } = useTranslation('stack');
  const changes = isUp(snapshot) ? countChanges(snapshot.plan?.steps ?? []) : 0;
  return (
    <PageHeader
      title={snapshot.project.name}
      facts={
        <>
          <StateChip snapshot={snapshot} />
          {changes > 0 && <Chip tone="warn">{t('changes', { count: changes })}</Chip>}
        </>
      }
      actions={
        <>
          <Button variant="subtle" leftSection={<IconFolder {...ICON} />} onClick={actions.openWorkspace}>
            {t('openFolder')}
          </Button>
          <StackButtons snapshot={snapshot} actions={actions} changes={changes} />
        </>
      }
    />
  );
}

const isUp = (snapshot: StackSnapshot) => snapshot.state === 'running' || snapshot.state === 'degraded';

function StackButtons({ snapshot, actions, changes }: StackHeaderProps & { readonly changes: number }) {
  const { t } = useTranslation('stack');
  const canAct = snapshot.engine.kind === 'connected' && snapshot.run?.outcome !== 'running';
  const up = isUp(snapshot);
  const hasServices = snapshot.services.some((service) => service.instances.length > 0);
  const hasSomething = up || hasServices;
  return (
    <>
      {up && (
        <Button leftSection={<IconRefresh {...ICON} />} disabled={!canAct} onClick={() => actions.restart()}>
          {t('restart')}
        </Button>
      )}
      {hasSomething && (
        <Button leftSection={<IconPlayerStop {...ICON} />} disabled={!canAct} onClick={actions.stop}>
          {t('stop')}
        </Button>
      )}
      {(!up || changes > 0) && (
        <Button
          variant="filled"
          leftSection={<IconPlayerPlay {...ICON} />}
          disabled={!canAct || snapshot.projectError !== undefined}
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
