import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toLocale } from '../../i18n/i18n.ts';
import { type ChartLine, TimeChart } from '../../ui/time-chart.tsx';
import { type ChartData, highestOf } from './chart-data.ts';
import classes from './gateway.module.css';
import { formatCount, formatMs, formatRate } from './gateway-text.ts';

const HEIGHT = 118;

interface Line extends ChartLine {
  readonly label: string;
}

/** What the gateway did, as four lines of time with one pointer. */
export function TrafficCharts({ data }: { data: ChartData }) {
  const { t } = useTranslation('gateway');
  const [index, setIndex] = useState<number>();
  const shared = { data, index, onPoint: setIndex };
  return (
    <div className={classes.charts}>
      <Chart
        {...shared}
        title={t('chart.requests')}
        unit={t('unit.perSecond')}
        floor={1}
        format={formatRate}
        lines={[
          { label: t('line.all'), values: data.requests, colour: '--accent', isFilled: true },
          { label: t('line.cached'), values: data.cacheHits, colour: '--phase-image' },
          { label: t('line.troubles'), values: data.troubles, colour: '--bad-dot' },
        ]}
      />
      <Chart
        {...shared}
        title={t('chart.latency')}
        unit="ms"
        floor={10}
        format={formatMs}
        lines={[
          { label: 'p50', values: data.p50Ms, colour: '--accent' },
          { label: 'p99', values: data.p99Ms, colour: '--warn-dot' },
          { label: t('line.firstToken'), values: data.firstTokenMs, colour: '--phase-health' },
        ]}
      />
      <Chart
        {...shared}
        title={t('chart.tokens')}
        unit={t('unit.perSecond')}
        floor={10}
        format={formatRate}
        lines={[
          { label: t('line.out'), values: data.tokensOut, colour: '--phase-health', isFilled: true },
          { label: t('line.in'), values: data.tokensIn, colour: '--phase-dependencies' },
        ]}
      />
      <Chart
        {...shared}
        title={t('chart.slots')}
        floor={2}
        format={formatCount}
        lines={[
          { label: t('line.inFlight'), values: data.inFlight, colour: '--accent', isFilled: true },
          { label: t('line.waiting'), values: data.queueDepth, colour: '--warn-dot' },
        ]}
      />
    </div>
  );
}

interface ChartProps {
  readonly data: ChartData;
  readonly title: string;
  readonly unit?: string;
  readonly lines: readonly Line[];
  readonly floor: number;
  readonly format: (value: number) => string;
  readonly index: number | undefined;
  readonly onPoint: (index: number | undefined) => void;
}

function Chart({ data, floor, format, index, lines, onPoint, title, unit }: ChartProps) {
  const { t, i18n } = useTranslation('gateway');
  const locale = toLocale(i18n.language);
  const shown = index ?? data.at.length - 1;
  const reached = lines.flatMap(({ label, values }) => {
    const highest = highestOf(values);
    return highest === undefined ? [] : `${label} ${format(highest)}`;
  });
  return (
    <figure className={classes.chart}>
      <figcaption>
        <b>{title}</b>
        {unit && <span className={classes.unit}>{unit}</span>}
        <span className={classes.legend}>
          {lines.map(({ colour, label, values }) => (
            <Legend key={label} colour={colour} label={label}>
              {textAt(values, shown, format)}
            </Legend>
          ))}
        </span>
      </figcaption>
      <TimeChart
        at={data.at}
        lines={lines}
        height={HEIGHT}
        floor={floor}
        format={format}
        locale={locale}
        label={
          reached.length === 0
            ? t('chart.nothing', { title })
            : t('chart.highest', { title, lines: reached.join(t('chart.comma')) })
        }
        syncKey="gateway"
        onPoint={onPoint}
      />
    </figure>
  );
}

function Legend({ children, colour, label }: { colour: string; label: string; children: ReactNode }) {
  return (
    <span>
      <i style={{ background: `var(${colour})` }} aria-hidden />
      {label} <b>{children}</b>
    </span>
  );
}

function textAt(
  values: readonly (number | null)[],
  index: number,
  format: (value: number) => string,
): string {
  const value = values[index];
  return value == null ? '–' : format(value);
}
