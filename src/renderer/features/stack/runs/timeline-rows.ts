import type { Phase } from '../../../../shared/stack/plan-view.ts';
import type { RunRecord, RunStep } from '../../../../shared/stack/run-record.ts';

export interface TimelineBar {
  readonly phase: Phase | 'waiting';
  /** Percent of the whole run. */
  readonly left: number;
  readonly width: number;
  readonly durationMs: number;
  readonly isRunning: boolean;
}

export interface TimelineRow {
  /** A service; nothing for what belongs to the project (network, volumes). */
  readonly service: string | undefined;
  readonly bars: readonly TimelineBar[];
  readonly status: RunStep['status'];
  /** From the start of the run to the row's last moment. */
  readonly elapsedMs: number | undefined;
  readonly running: readonly RunStep[];
  readonly failed: RunStep | undefined;
}

export interface Timeline {
  readonly totalMs: number;
  readonly rows: readonly TimelineRow[];
}

/** Below this, bars would fill the width of a run that has only just begun. */
const MIN_TOTAL_MS = 2000;
/** Shorter gaps are the moments between two steps, not waiting. */
const MIN_WAIT_MS = 300;

/** The picture of a run: a row per service in the order of the plan, a bar per phase, gaps as waiting. */
export function toTimeline(run: RunRecord, now: number): Timeline {
  const end = run.endedAt ?? Math.max(now, run.startedAt);
  const totalMs = Math.max(end - run.startedAt, MIN_TOTAL_MS);
  const groups = Map.groupBy(run.steps, (step) => step.service ?? '');
  const rows = [...groups].map(([service, steps]) =>
    toRow(service || undefined, steps, run, { end, totalMs }),
  );
  return { totalMs: end - run.startedAt, rows };
}

function toRow(
  service: string | undefined,
  steps: readonly RunStep[],
  run: RunRecord,
  scale: { readonly end: number; readonly totalMs: number },
): TimelineRow {
  const spans = steps
    .flatMap((step) => step.spans)
    .map((span) => ({
      ...span,
      until: span.endedAt ?? scale.end,
      isRunning: span.endedAt === undefined && run.endedAt === undefined,
    }))
    .sort((a, b) => a.startedAt - b.startedAt);
  const bars: TimelineBar[] = [];
  const addBar = (phase: TimelineBar['phase'], from: number, until: number, isRunning: boolean) => {
    const left = clampPercent(((from - run.startedAt) / scale.totalMs) * 100);
    const right = clampPercent(((until - run.startedAt) / scale.totalMs) * 100);
    bars.push({ phase, left, width: right - left, durationMs: until - from, isRunning });
  };
  let reached = spans[0]?.startedAt ?? run.startedAt;
  for (const span of spans) {
    if (span.startedAt - reached >= MIN_WAIT_MS) addBar('waiting', reached, span.startedAt, false);
    addBar(span.phase, span.startedAt, Math.max(span.until, span.startedAt), span.isRunning);
    reached = Math.max(reached, span.until);
  }
  return {
    service,
    bars,
    status: rowStatus(steps),
    elapsedMs: spans.length > 0 ? reached - run.startedAt : undefined,
    running: steps.filter((step) => step.status === 'running'),
    failed: steps.find((step) => step.status === 'failed'),
  };
}

const STATUS_ORDER: readonly RunStep['status'][] = [
  'failed',
  'running',
  'cancelled',
  'waiting',
  'skipped',
  'done',
];

function rowStatus(steps: readonly RunStep[]): RunStep['status'] {
  return STATUS_ORDER.find((status) => steps.some((step) => step.status === status)) ?? 'done';
}

const clampPercent = (value: number) => Math.min(100, Math.max(0, value));
