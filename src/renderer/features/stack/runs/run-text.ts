import type { TFunction } from 'i18next';
import type { RunRecord } from '../../../../shared/stack/run-record.ts';
import type { Tone } from '../../../ui/status-dot.tsx';

/** `scale worker`, `start`: what was asked for, and of which services. */
export function runText(t: TFunction<'stack'>, run: Pick<RunRecord, 'kind' | 'services'>): string {
  const [first, ...others] = run.services ?? [];
  const kind = t(`run.kind.${run.kind}`);
  if (first === undefined) return kind;
  return others.length === 0
    ? t('run.ofOne', { kind, service: first })
    : t('run.ofSome', { kind, service: first, count: others.length });
}

/** Rolled back is what a person has to know first: the outcome alone would say that nothing runs. */
export function outcomeText(t: TFunction<'stack'>, run: RunRecord): string {
  return (run.rolledBack?.length ?? 0) > 0 ? t('run.outcomeRolledBack') : t(`run.outcome.${run.outcome}`);
}

export function outcomeTone(run: RunRecord): Tone {
  if ((run.rolledBack?.length ?? 0) > 0) return 'warn';
  return TONES[run.outcome];
}

const TONES: Record<RunRecord['outcome'], Tone> = {
  queued: 'idle',
  running: 'busy',
  done: 'ok',
  failed: 'bad',
  cancelled: 'idle',
  interrupted: 'warn',
};
