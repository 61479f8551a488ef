import type { RunRecord, RunStep } from '../../shared/stack/run-record.ts';
import { formatBytes, formatElapsed } from '../format/format-quantity.ts';
import type { Paint } from '../format/paint.ts';
import { stepWords } from './step-words.ts';

const MARKS = { running: '●', done: '✔', failed: '✘', cancelled: '⊘', skipped: '⊘', waiting: '○' } as const;
const COLOURS = {
  running: 'cyan',
  done: 'green',
  failed: 'red',
  cancelled: 'yellow',
  skipped: 'dim',
  waiting: 'dim',
} as const;

/** `container web-1 started`; the same words in every line of a step. */
export function stepTitle(step: RunStep): string {
  const { noun } = stepWords(step.kind);
  // Ids of steps end with the instance where there is one that is to come, with the container's id where it is to go.
  const name = step.id.slice(step.id.indexOf(':') + 1);
  const isInstance = name.startsWith(`${step.target}-`) && /^\d+$/.test(name.slice(step.target.length + 1));
  return `${noun} ${isInstance ? name : step.target}`;
}

export function stepStatus(step: RunStep): string {
  const { doing, done } = stepWords(step.kind);
  if (step.status === 'done') return done;
  return step.status === 'running' ? doing : step.status;
}

/** How far a step is: `12 MB of 40 MB, 3 of 7 layers`, else its own words. */
export function stepDetail({ progress, status }: RunStep): string {
  if (progress === undefined || status !== 'running') return '';
  const layers = progress.layers ?? [];
  if (layers.length > 0) {
    const done = layers.filter((layer) => layer.status === 'done').length;
    const busy = layers.filter((layer) => layer.status === 'downloading');
    const current = sum(busy.map((layer) => layer.current ?? 0));
    const total = sum(busy.map((layer) => layer.total ?? 0));
    const bytes = total > 0 ? `${formatBytes(current)} of ${formatBytes(total)}, ` : '';
    return `${bytes}${done} of ${layers.length} layers`;
  }
  const count =
    progress.current !== undefined && progress.total !== undefined && progress.text === undefined
      ? `${progress.current} of ${progress.total}`
      : '';
  return progress.text ?? count;
}

/** The screen while a run goes on: its head, then what has begun, the newest at the end. */
export function progressScreen(
  run: RunRecord,
  paint: Paint,
  { columns, now, rows }: { readonly columns: number; readonly now: number; readonly rows: number },
): string[] {
  const done = run.steps.filter((step) => step.status === 'done').length;
  const total = formatElapsed((run.endedAt ?? now) - run.startedAt);
  const head = `${run.kind} ${done}/${run.steps.length}${run.outcome === 'queued' ? ', waiting for another run' : ''} ${total}`;
  const begun = run.steps.filter((step) => step.status !== 'waiting' && step.status !== 'skipped');
  const room = Math.max(3, rows - 2);
  // What is done makes room first.
  const kept = new Set(
    [...begun].sort((a, b) => Number(a.status === 'done') - Number(b.status === 'done')).slice(0, room),
  );
  const shown = begun.length <= room ? begun : begun.filter((step) => kept.has(step));
  return [head, ...shown.map((step) => stepLine(step, paint, columns, now))];
}

function stepLine(step: RunStep, paint: Paint, columns: number, now: number): string {
  const [first, last] = [step.spans[0], step.spans.at(-1)];
  const elapsed = first === undefined ? '' : formatElapsed((last?.endedAt ?? now) - first.startedAt);
  const detail = stepDetail(step);
  const text = ` ${MARKS[step.status]} ${stepTitle(step)}  ${stepStatus(step)}${detail === '' ? '' : `  ${detail}`}`;
  const room = Math.max(10, columns - elapsed.length - 3);
  const cut = text.length > room ? `${text.slice(0, room - 1)}…` : text;
  return `${paint(COLOURS[step.status], cut)}  ${paint('dim', elapsed)}`;
}

/** Lines for a log: one for each beginning and each end since `before`. */
export function progressChanges(before: RunRecord | undefined, run: RunRecord): string[] {
  const known = new Map(before?.steps.map((step) => [step.id, step]));
  return run.steps.flatMap((step) => {
    const was = known.get(step.id)?.status ?? 'waiting';
    if (was === step.status || step.status === 'skipped') return [];
    const begun = was === 'waiting' && step.status !== 'running' && step.status !== 'waiting';
    return [
      // Snapshots are coalesced: a short step may end before its beginning was seen.
      ...(begun ? [`${stepTitle(step)} ${stepWords(step.kind).doing}`] : []),
      `${stepTitle(step)} ${stepStatus(step)}`,
    ];
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
