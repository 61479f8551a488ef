import type { GatewayStatus, TrafficSample } from '@skilldeck/agent-skills';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatPercent } from '../../ui/format.ts';
import { toTotals } from './chart-data.ts';
import classes from './gateway.module.css';
import { formatDuration, formatMs, formatRate } from './gateway-text.ts';

interface TrafficTotalsProps {
  readonly traffic: readonly TrafficSample[];
  readonly end: number;
  readonly range: number;
  readonly status: GatewayStatus;
}

/** The range in a line of numbers. */
export function TrafficTotals({ end, range, status, traffic }: TrafficTotalsProps) {
  const { t } = useTranslation('gateway');
  const totals = toTotals(traffic, end, range);
  const share = totals.requests === 0 ? undefined : (totals.cacheHits / totals.requests) * 100;
  return (
    <dl className={classes.totals}>
      <Total label={t('total.requests')} note={t('total.perSecond', { rate: formatRate(totals.perSecond) })}>
        {totals.requests}
      </Total>
      <Total label={t('total.troubles')} isBad={totals.troubles > 0}>
        {totals.troubles}
      </Total>
      <Total
        label={t('total.latency')}
        note={totals.p99Ms === undefined ? undefined : `p99 ${formatMs(totals.p99Ms)}`}
      >
        {totals.p50Ms === undefined ? '–' : formatDuration(totals.p50Ms)}
      </Total>
      <Total label={t('total.tokens')}>{formatRate(totals.tokensOut)}</Total>
      <Total label={t('total.cached')}>{share === undefined ? '–' : formatPercent(share)}</Total>
      <Total label={t('total.slots')} note={t('total.waiting', { count: status.queueDepth })}>
        {status.inFlight} / {status.maxConcurrent}
      </Total>
    </dl>
  );
}

interface TotalProps {
  readonly label: string;
  readonly note?: string | undefined;
  readonly isBad?: boolean;
  readonly children: ReactNode;
}

function Total({ children, isBad = false, label, note }: TotalProps) {
  return (
    <div>
      <dt>{label}</dt>
      <dd data-bad={isBad || undefined}>
        {children}
        {note && <small>{note}</small>}
      </dd>
    </div>
  );
}
