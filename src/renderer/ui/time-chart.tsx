import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import classes from './time-chart.module.css';

export interface ChartLine {
  readonly values: readonly (number | null)[];
  /** A variable of the theme, e.g. `--accent`. */
  readonly colour: string;
  readonly isFilled?: boolean;
}

interface TimeChartProps {
  /** Unix time in seconds. */
  readonly at: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly height: number;
  /** The least that the top of the scale stands for. */
  readonly floor: number;
  readonly format: (value: number) => string;
  readonly locale: string;
  /** What there is to see, for those who cannot. */
  readonly label: string;
  /** Charts with the same key show the same moment under the pointer. */
  readonly syncKey: string;
  /** The point under the pointer, or none. */
  readonly onPoint?: (index: number | undefined) => void;
}

/** Lines over time. */
export function TimeChart(props: TimeChartProps) {
  const { at, height, label, lines } = props;
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const scheme = useComputedColorScheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a canvas keeps the colours it was drawn with
  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const made = new uPlot(
      optionsFor(element, () => latest.current),
      dataOf(latest.current),
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0);
      if (width > 0) made.setSize({ width, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [scheme, height, lines.length]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what is drawn
  useEffect(() => {
    plot.current?.setData(dataOf(latest.current));
  }, [at, lines]);
  return <div ref={holder} className={classes.chart} style={{ height }} role="img" aria-label={label} />;
}

function dataOf({ at, lines }: TimeChartProps): uPlot.AlignedData {
  return [[...at], ...lines.map(({ values }) => [...values])] as uPlot.AlignedData;
}

const FONT_SIZE = 10.5;
const AXIS_WIDTH = 44;

function optionsFor(element: HTMLElement, props: () => TimeChartProps): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const { floor, format, height, lines, locale, syncKey } = props();
  const font = `${FONT_SIZE}px ${style.fontFamily}`;
  const parts = { hour: '2-digit', minute: '2-digit', hour12: false } as const;
  const minutes = new Intl.DateTimeFormat(locale, parts);
  const seconds = new Intl.DateTimeFormat(locale, { ...parts, second: '2-digit' });
  const axis = {
    font,
    stroke: colour('--faint'),
    ticks: { show: false },
    grid: { stroke: colour('--line'), width: 1 },
  } satisfies uPlot.Axis;
  return {
    width: Math.max(40, Math.floor(element.clientWidth)),
    height,
    padding: [6, 4, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { size: 6 },
      drag: { x: false, y: false },
      sync: { key: syncKey },
    },
    scales: {
      x: { time: true },
      y: { range: (_plot, _min, max) => [0, Math.max(floor, (max ?? 0) * 1.1)] },
    },
    axes: [
      {
        ...axis,
        size: 18,
        gap: 2,
        space: 90,
        grid: { show: false },
        values: (plot, splits, _axis, _space, step) =>
          splits.map((second) =>
            isInside(plot, second) ? (step < 60 ? seconds : minutes).format(second * 1000) : '',
          ),
      },
      {
        ...axis,
        size: AXIS_WIDTH,
        gap: 4,
        space: 26,
        values: (_plot, splits) => splits.map((value) => format(value)),
      },
    ],
    series: [
      {},
      ...lines.map(
        ({ colour: name, isFilled }): uPlot.Series => ({
          stroke: colour(name),
          width: 1.5,
          spanGaps: false,
          points: { show: pointsAlone, size: 4, fill: colour(name) },
          ...(isFilled ? { fill: withAlpha(colour(name)) } : {}),
        }),
      ),
    ],
    hooks: {
      setCursor: [
        ({ cursor }) => {
          props().onPoint?.(cursor.idx ?? undefined);
        },
      ],
    },
  };
}

/** Half of what `00:00:00` takes. */
const HALF_LABEL = 26;

/** A time at the edge would be cut off, or stand over the 0 of the other axis. */
function isInside(plot: uPlot, second: number): boolean {
  const at = plot.valToPos(second, 'x');
  return at >= HALF_LABEL && at <= plot.width - AXIS_WIDTH - HALF_LABEL;
}

/** A second between two quiet ones is no line. */
function pointsAlone(plot: uPlot, series: number): boolean {
  const values = plot.data[series] ?? [];
  return values.some(
    (value, index) => value != null && values[index - 1] == null && values[index + 1] == null,
  );
}

function withAlpha(colour: string): string {
  return `color-mix(in srgb, ${colour} 14%, transparent)`;
}
