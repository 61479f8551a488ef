import { expect, test } from 'vitest';
import { sampleSnapshot, upRun } from '../../../testing/sample-stack.ts';
import { toTimeline } from './timeline-rows.ts';

const START = 1_000_000;

test('has a row per service with a bar per phase, in percent of the run', () => {
  const { rows, totalMs } = toTimeline(upRun(START), START + 99_000);
  expect(totalMs).toBe(48_200);
  const gateway = rows.find((row) => row.service === 'ai-gateway');
  expect(gateway?.bars.map((bar) => bar.phase)).toEqual([
    'image',
    'dependencies',
    'prepare',
    'initialise',
    'health',
  ]);
  expect(gateway?.elapsedMs).toBe(41_600);
  expect(gateway?.bars[0]?.left).toBeCloseTo((0.3 / 48.2) * 100, 3);
});

test('shows the time between two phases of a service as waiting', () => {
  const { rows } = toTimeline(upRun(START), START);
  const proxy = rows.find((row) => row.service === 'reverse-proxy');
  expect(proxy?.bars.map((bar) => bar.phase)).toEqual([
    'image',
    'waiting',
    'prepare',
    'initialise',
    'health',
  ]);
  expect(proxy?.bars[1]?.durationMs).toBe(35_900);
});

test('lets running bars grow to now', () => {
  const now = START + 16_000;
  const run = sampleSnapshot('starting', now).run;
  if (!run) throw new Error('the sample has a run');
  const gateway = toTimeline(run, now).rows.find((row) => row.service === 'ai-gateway');
  const last = gateway?.bars.at(-1);
  expect([last?.isRunning, (last?.left ?? 0) + (last?.width ?? 0)]).toEqual([true, 100]);
  expect(gateway?.running.map((step) => step.progress?.text)).toEqual(['Step 7/12 : RUN npm ci --omit=dev']);
});

test('names the failed step of a row', () => {
  const run = sampleSnapshot('failed', START).run;
  if (!run) throw new Error('the sample has a run');
  const failed = toTimeline(run, START).rows.filter((row) => row.status === 'failed');
  expect(failed.map((row) => row.failed?.id)).toEqual(['build-image:ai-gateway']);
});
