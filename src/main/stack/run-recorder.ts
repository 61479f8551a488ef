import type { AppError } from '../../shared/errors/app-error.ts';
import type { Phase } from '../../shared/stack/plan-view.ts';
import type { RunRecord, RunStep } from '../../shared/stack/run-record.ts';
import type { OperationProgress } from '../engine/stack-engine.ts';
import type { Plan, PlanStep } from '../plan/operation.ts';
import type { StepObserver } from './execute-plan.ts';
import { toStepView } from './to-plan-view.ts';

const MAX_OUTPUT_LINES = 40;
const MAX_LINE_CHARS = 2000;

export interface RunRecorderDeps {
  readonly now: () => number;
  /** Takes secrets out of what builds and containers say. */
  readonly redact: (text: string) => string;
  readonly onChange: (stepEnded: boolean) => void;
}

/** Keeps the record of one run up to date while its plan is executed. */
export class RunRecorder implements StepObserver {
  readonly #deps: RunRecorderDeps;
  #record: RunRecord;

  constructor(
    start: Pick<RunRecord, 'id' | 'kind' | 'engine' | 'services' | 'origin'>,
    deps: RunRecorderDeps,
  ) {
    this.#deps = deps;
    this.#record = { ...start, startedAt: deps.now(), outcome: 'queued', steps: [] };
  }

  get record(): RunRecord {
    return this.#record;
  }

  /** Nobody is before it any more. */
  begin(): void {
    this.#change({ outcome: 'running', startedAt: this.#deps.now() }, false);
  }

  /** The second plan of a run comes after the steps of the first. */
  planned(plan: Plan): void {
    const steps = plan.steps.map(
      (step): RunStep => ({ ...toStepView(step), status: 'waiting', spans: [], output: [] }),
    );
    this.#change({ steps: [...this.#record.steps, ...steps] }, true);
  }

  started(step: PlanStep): void {
    this.#step(step.id, (known) => ({
      ...known,
      status: 'running',
      spans: [{ phase: step.phase, startedAt: this.#deps.now() }],
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
          : [...known.output, this.#deps.redact(output).slice(0, MAX_LINE_CHARS)].slice(-MAX_OUTPUT_LINES),
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
    const rolledBack = rolledBackServices(steps);
    this.#change(
      {
        steps,
        outcome,
        ...(rolledBack.length === 0 ? {} : { rolledBack }),
        endedAt: this.#deps.now(),
        ...(error === undefined ? {} : { error: error.toData() }),
      },
      true,
    );
    return this.#record;
  }

  #inPhase(spans: RunStep['spans'], phase: Phase): RunStep['spans'] {
    if (spans.at(-1)?.phase === phase) return spans;
    return [...this.#closed(spans), { phase, startedAt: this.#deps.now() }];
  }

  #closed(spans: RunStep['spans']): RunStep['spans'] {
    return spans.map((span) => (span.endedAt === undefined ? { ...span, endedAt: this.#deps.now() } : span));
  }

  #step(id: string, change: (step: RunStep) => RunStep, ended = false): void {
    const steps = this.#record.steps.map((step) => (step.id === id ? change(step) : step));
    this.#change({ steps }, ended);
  }

  #change(change: Partial<RunRecord>, ended: boolean): void {
    this.#record = { ...this.#record, ...change };
    this.#deps.onChange(ended);
  }
}

/** Services whose update failed and whose former container runs again. */
function rolledBackServices(steps: readonly RunStep[]): string[] {
  const services = steps.flatMap((step) =>
    step.error?.code === 'update.rolled_back' && step.service !== undefined ? [step.service] : [],
  );
  return [...new Set(services)];
}
