import { Button, Loader, SegmentedControl } from '@mantine/core';
import { IconActivity } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GatewaySnapshot } from '../../../shared/gateway/gateway-contract.ts';
import { ErrorCard } from '../../errors/error-card.tsx';
import { useMirror } from '../../rpc/use-mirror.ts';
import { navigate } from '../../shell/ui-store.ts';
import { Chip } from '../../ui/chip.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatAge } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { BackendTable } from './backend-table.tsx';
import { CacheCard } from './cache-card.tsx';
import { callerNames } from './caller-names.ts';
import { toChartData } from './chart-data.ts';
import { DryRunCard } from './dry-run-card.tsx';
import classes from './gateway.module.css';
import { useGatewayMirror } from './gateway-mirror.ts';
import { GenerationsCard } from './generations-card.tsx';
import { KeysCard } from './keys-card.tsx';
import { QueueTable } from './queue-table.tsx';
import { RequestTable } from './request-table.tsx';
import { SettingsCard } from './settings-card.tsx';
import { TrafficCharts } from './traffic-charts.tsx';
import { TrafficTotals } from './traffic-totals.tsx';
import { useGatewayKeys } from './use-gateway-keys.ts';

/** What the gateway does right now and did in the last minutes. */
export function GatewayView() {
  const { t } = useTranslation('gateway');
  const mirror = useMirror(useGatewayMirror());
  const snapshot = mirror.kind === 'connecting' ? undefined : mirror.value;
  if (snapshot?.state.kind === 'live')
    return <LiveGateway snapshot={snapshot} status={snapshot.state.status} />;
  return (
    <>
      <PageHeader title={t('title')} />
      <div className={classes.center}>
        {mirror.kind === 'failed' ? (
          <ErrorCard error={mirror.error} />
        ) : snapshot?.state.kind === 'failed' ? (
          <ErrorCard error={snapshot.state.error} />
        ) : snapshot === undefined ? (
          <Loader size="sm" aria-label={t('loading')} />
        ) : (
          <NotRunning />
        )}
      </div>
    </>
  );
}

function NotRunning() {
  const { t } = useTranslation('gateway');
  return (
    <EmptyState
      icon={<IconActivity size={28} stroke={1.5} />}
      title={t('notRunning.title')}
      actions={
        <Button variant="filled" onClick={() => navigate('stack')}>
          {t('notRunning.action')}
        </Button>
      }
    >
      {t('notRunning.text')}
    </EmptyState>
  );
}

type Status = Extract<GatewaySnapshot['state'], { kind: 'live' }>['status'];

const RANGES = [60, 300, 900] as const;
const TONES = { ready: 'ok', loading: 'busy', unavailable: 'bad', draining: 'warn' } as const;

function LiveGateway({ snapshot, status }: { snapshot: GatewaySnapshot; status: Status }) {
  const { t } = useTranslation('gateway');
  const { t: tShell } = useTranslation('shell');
  const [range, setRange] = useState<number>(300);
  // The last whole second: the one that runs is not over.
  const end = Math.floor(Date.now() / 1000) - 1;
  const { traffic } = snapshot;
  const data = useMemo(() => toChartData(traffic, end, range), [traffic, end, range]);
  const keys = useGatewayKeys(snapshot.seq);
  const callers = useMemo(() => callerNames(keys.list?.keys), [keys.list]);
  return (
    <section className={classes.page} aria-label={t('title')}>
      <PageHeader
        title={t('title')}
        facts={
          <>
            <Chip tone={TONES[status.status]} {...(status.message ? { title: status.message } : {})}>
              {t(`status.${status.status}`)} · {formatAge(tShell, status.uptimeSeconds * 1000)}
            </Chip>
            <Chip onClick={() => navigate('skills')} title={t('openSkills')}>
              {t('generation', { generation: status.generation })}
            </Chip>
          </>
        }
        actions={
          <SegmentedControl
            size="xs"
            aria-label={t('range.label')}
            value={String(range)}
            onChange={(value) => setRange(Number(value))}
            data={RANGES.map((seconds) => ({
              value: String(seconds),
              label: t('range.minutes', { count: seconds / 60 }),
            }))}
          />
        }
      />
      <div className={classes.scroll}>
        <TrafficTotals traffic={traffic} end={end} range={range} status={status} />
        <TrafficCharts data={data} />
        <div className={classes.columns}>
          <div className={classes.column}>
            <BackendTable backends={status.backends} />
            <QueueTable status={status} callers={callers} />
            <KeysCard keys={keys} />
          </div>
          <div className={classes.column}>
            {status.cache && <CacheCard cache={status.cache} traffic={traffic} />}
            <SettingsCard status={status} />
          </div>
        </div>
        <div className={classes.halves}>
          <GenerationsCard generation={status.generation} />
          <DryRunCard />
        </div>
        <RequestTable seq={snapshot.seq} callers={callers} />
      </div>
    </section>
  );
}
