import type { AppError } from '../../shared/errors/app-error.ts';
import type { Phase } from '../../shared/stack/plan-view.ts';
import type { RunRecord, RunStep } from '../../shared/stack/run-record.ts';
import type { OperationProgress } from '../engine/stack-engine.ts';
import type { Plan, PlanStep } from '../plan/operation.ts';
import type { StepObserver } from './execute-plan.ts';
import { toStepView } from './to-plan-view.ts';

const MAX_OUTPUT_LINES = 40;
const MAX_LINE_CHARS = 2000;

/** Keeps the record of one run up to date while its plan is executed. */
export class RunRecorder implements StepObserver {
  readonly #now: () => number;
  readonly #onChange: (stepEnded: boolean) => void;
  #record: RunRecord;

  constructor(
    start: Pick<RunRecord, 'id' | 'kind' | 'engine' | 'services'>,
    now: () => number,
    onChange: (stepEnded: boolean) => void,
  ) {
    this.#now = now;
    this.#onChange = onChange;
    this.#record = { ...start, startedAt: now(), outcome: 'running', steps: [] };
  }

  get record(): RunRecord {
    return this.#record;
  }

  planned(plan: Plan): void {
    const steps = plan.steps.map(
      (step): RunStep => ({ ...toStepView(step), status: 'waiting', spans: [], output: [] }),
    );
    this.#change({ steps }, true);
  }

  started(step: PlanStep): void {
    this.#step(step.id, (known) => ({
      ...known,
      status: 'running',
      spans: [{ phase: step.phase, startedAt: this.#now() }],
    }));
  }

  progressed(step: PlanStep, { phase, output, ...progress }: OperationProgress): void {
    this.#step(step.id, (known) => ({
      ...known,
      spans: phase === undefined ? known.spans : this.#inPhase(known.spans, phase),
      ...(Object.keys(progress).length === 0 ? {} : { progress }),
      output:
        output === undefined
          ? known.output
          : [...known.output, output.slice(0, MAX_LINE_CHARS)].slice(-MAX_OUTPUT_LINES),
    }));
  }

  ended(step: PlanStep, status: 'done' | 'failed' | 'cancelled' | 'skipped', error?: AppError): void {
    this.#step(
      step.id,
      (known) => ({
        ...known,
        status,
        spans: this.#closed(known.spans),
        ...(error === undefined ? {} : { error: error.toData() }),
      }),
      true,
    );
  }

  finish(outcome: RunRecord['outcome'], error?: AppError): RunRecord {
    const steps = this.#record.steps.map(
      (step): RunStep =>
        step.status === 'running' || step.status === 'waiting'
          ? {
              ...step,
              status: step.status === 'running' ? 'cancelled' : 'skipped',
              spans: this.#closed(step.spans),
            }
          : step,
    );
    this.#change(
      { steps, outcome, endedAt: this.#now(), ...(error === undefined ? {} : { error: error.toData() }) },
      true,
    );
    return this.#record;
  }

  #inPhase(spans: RunStep['spans'], phase: Phase): RunStep['spans'] {
    if (spans.at(-1)?.phase === phase) return spans;
    return [...this.#closed(spans), { phase, startedAt: this.#now() }];
  }

  #closed(spans: RunStep['spans']): RunStep['spans'] {
    return spans.map((span) => (span.endedAt === undefined ? { ...span, endedAt: this.#now() } : span));
  }

  #step(id: string, change: (step: RunStep) => RunStep, ended = false): void {
    const steps = this.#record.steps.map((step) => (step.id === id ? change(step) : step));
    this.#change({ steps }, ended);
  }

  #change(change: Partial<RunRecord>, ended: boolean): void {
    this.#record = { ...this.#record, ...change };
    this.#onChange(ended);
  }
}
