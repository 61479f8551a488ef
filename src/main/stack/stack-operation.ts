import { randomBytes } from 'node:crypto';
import { AppError, toAppError } from '../../shared/errors/app-error.ts';
import type { RunRecord } from '../../shared/stack/run-record.ts';
import type { Project } from '../compose/project.ts';
import type { StackEngine } from '../engine/stack-engine.ts';
import type { Plan } from '../plan/operation.ts';
import { executePlan } from './execute-plan.ts';
import { RunRecorder } from './run-recorder.ts';
import type { RunRepository } from './run-repository.ts';

export interface StackOperationOptions {
  readonly kind: RunRecord['kind'];
  readonly services?: readonly string[];
  readonly engine: StackEngine;
  /** Computed inside the run, so that it shows as under way from the first moment. */
  readonly prepare: (signal: AbortSignal) => Promise<{ readonly plan: Plan; readonly project: Project }>;
  readonly repository: RunRepository;
  readonly now: () => number;
  readonly onChange: () => void;
}

/** One run of one plan, from the wish to its outcome. */
export class StackOperation {
  readonly id: string;
  readonly kind: RunRecord['kind'];
  /** Resolves with the final record; never rejects. */
  readonly finished: Promise<RunRecord>;
  readonly #options: StackOperationOptions;
  readonly #cancel = new AbortController();
  readonly #recorder: RunRecorder;
  #interrupted = false;

  constructor(options: StackOperationOptions) {
    this.#options = options;
    this.kind = options.kind;
    this.id = newRunId(options.now());
    this.#recorder = new RunRecorder(
      {
        id: this.id,
        kind: options.kind,
        engine: options.engine.kind,
        ...(options.services === undefined ? {} : { services: [...options.services] }),
      },
      options.now,
      (stepEnded) => {
        if (stepEnded) void options.repository.save(this.#recorder.record);
        options.onChange();
      },
    );
    this.finished = this.#run();
  }

  get record(): RunRecord {
    return this.#recorder.record;
  }

  cancel(): void {
    this.#cancel.abort(new AppError('cancelled', 'The operation was cancelled.'));
  }

  /** The app is quitting: what was done stays, the record says why it stopped. */
  interrupt(): void {
    this.#interrupted = true;
    this.cancel();
  }

  async #run(): Promise<RunRecord> {
    // A turn later: the caller has stored this operation before its first change is published.
    await Promise.resolve();
    await this.#options.repository.save(this.record);
    const outcome = await this.#execute();
    const record = this.#recorder.finish(
      outcome.kind === 'cancelled' && this.#interrupted ? 'interrupted' : outcome.kind,
      outcome.kind === 'failed' ? outcome.error : undefined,
    );
    await this.#options.repository.save(record);
    return record;
  }

  async #execute(): Promise<Awaited<ReturnType<typeof executePlan>>> {
    const signal = this.#cancel.signal;
    try {
      const { plan, project } = await this.#options.prepare(signal);
      signal.throwIfAborted();
      this.#recorder.planned(plan);
      return await executePlan(plan, {
        signal,
        observer: this.#recorder,
        apply: (step, stepSignal, report) =>
          this.#options.engine.apply(step.operation, { project, signal: stepSignal, report }),
      });
    } catch (error) {
      return signal.aborted ? { kind: 'cancelled' } : { kind: 'failed', error: toAppError(error) };
    }
  }
}

/** Sorts by time; see RunRepository. */
function newRunId(now: number): string {
  const time = new Date(now).toISOString().replaceAll(/[-:.]/g, '');
  return `${time}-${randomBytes(3).toString('hex')}`;
}
