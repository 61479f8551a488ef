import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useStatsHistory } from './use-stats.ts';

const HEIGHT = 24;

/** CPU (accent) and memory (violet) of the last minutes; each on its own scale, the numbers stand beside it. */
export function Sparkline({ service, width }: { service: string; width: number }) {
  const holder = useRef<HTMLDivElement>(null);
  const history = useStatsHistory();
  const scheme = useComputedColorScheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a canvas keeps the colours it was drawn with
  useEffect(() => {
    if (!holder.current) return;
    const plot = new uPlot(optionsFor(holder.current, width), [[], [], []], holder.current);
    const draw = () => {
      const samples = history.read(service);
      if (samples) plot.setData([[...samples.at], [...samples.cpu], [...samples.memory]]);
    };
    draw();
    const stop = history.onChange(draw);
    return () => {
      stop();
      plot.destroy();
    };
  }, [history, service, width, scheme]);
  return <div ref={holder} aria-hidden style={{ height: HEIGHT, pointerEvents: 'none' }} />;
}

function optionsFor(element: HTMLElement, width: number): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  return {
    width,
    height: HEIGHT,
    padding: [2, 0, 2, 0],
    legend: { show: false },
    cursor: { show: false },
    axes: [{ show: false }, { show: false }],
    scales: {
      cpu: { range: (_plot, _min, max) => [0, Math.max(10, (max ?? 0) * 1.15)] },
      memory: { range: (_plot, min, max) => [(min ?? 0) * 0.9, Math.max(1, (max ?? 0) * 1.05)] },
    },
    series: [
      {},
      { scale: 'cpu', stroke: colour('--accent'), width: 1.4, points: { show: false } },
      { scale: 'memory', stroke: colour('--phase-image'), width: 1, points: { show: false } },
    ],
  };
}
