import { randomBytes } from 'node:crypto';
import { AppError, toAppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { RunKind, RunRecord } from '../../shared/stack/run-record.ts';
import type { Project } from '../compose/project.ts';
import type { StackEngine } from '../engine/stack-engine.ts';
import type { Plan } from '../plan/operation.ts';
import { executePlan } from './execute-plan.ts';
import { RunRecorder } from './run-recorder.ts';

/** What somebody asked for. */
export interface OperationRequest {
  readonly kind: RunKind;
  /** Absent or empty: all. */
  readonly services?: readonly string[];
  /** Two requests with the same key are the same wish. */
  readonly key: string;
  /** Computed inside the run, so that it is made of the newest files and of what the engine has when its turn comes. */
  readonly prepare: (signal: AbortSignal) => Promise<PreparedRun>;
}

export interface PreparedRun {
  readonly plan: Plan;
  readonly project: Project;
  /** What there is to do when all steps are done; see `replan` of {@link Plan}. */
  readonly again?: (signal: AbortSignal) => Promise<PreparedRun>;
}

export interface OperationContextDeps {
  readonly engine: StackEngine;
  readonly origin: NonNullable<RunRecord['origin']>;
  /** Waits until no other process works on the project. */
  readonly lock: (runId: string, signal: AbortSignal) => Promise<() => Promise<void>>;
  readonly save: (record: RunRecord) => Promise<void>;
  readonly redact: (text: string) => string;
  readonly now: () => number;
  readonly onChange: () => void;
}

/** One run of one plan, from the wish to its outcome. */
export class StackOperation {
  readonly id: string;
  readonly request: OperationRequest;
  /** Resolves with the final record; never rejects. */
  readonly finished: Promise<RunRecord>;
  readonly #deps: OperationContextDeps;
  readonly #cancel = new AbortController();
  readonly #recorder: RunRecorder;
  #resolve: (record: RunRecord) => void = () => {};
  #isStarted = false;
  #interrupted = false;

  constructor(request: OperationRequest, deps: OperationContextDeps) {
    this.request = request;
    this.#deps = deps;
    this.id = newRunId(deps.now());
    const { kind, services } = request;
    this.#recorder = new RunRecorder(
      {
        id: this.id,
        kind,
        engine: deps.engine.kind,
        origin: deps.origin,
        ...(services === undefined || services.length === 0 ? {} : { services: [...services] }),
      },
      { now: deps.now, redact: deps.redact, onChange: (stepEnded) => this.#changed(stepEnded) },
    );
    this.finished = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get record(): RunRecord {
    return this.#recorder.record;
  }

  /** Not begun: others are before it, in this process or in another one. */
  get isQueued(): boolean {
    return this.record.outcome === 'queued';
  }

  get isCancelled(): boolean {
    return this.#cancel.signal.aborted;
  }

  /** Its turn has come. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    void this.#run();
  }

  cancel(): void {
    this.#cancel.abort(new AppError('cancelled', phrase('cancelled')));
    // Nothing was done, so there is nothing to keep on disk.
    if (!this.#isStarted) {
      this.#isStarted = true;
      this.#resolve(this.#recorder.finish('cancelled'));
    }
  }

  /** The app is quitting: what was done stays, the record says why it stopped. */
  interrupt(): void {
    this.#interrupted = true;
    this.cancel();
  }

  async #run(): Promise<void> {
    const { lock, save } = this.#deps;
    const { signal } = this.#cancel;
    let release = async (): Promise<void> => {};
    try {
      release = await lock(this.id, signal);
    } catch {
      // Only cancelling ends the wait.
      this.#resolve(this.#recorder.finish('cancelled'));
      return;
    }
    this.#recorder.begin();
    const outcome = await this.#execute();
    const record = this.#recorder.finish(
      outcome.kind === 'cancelled' && this.#interrupted ? 'interrupted' : outcome.kind,
      outcome.kind === 'failed' ? outcome.error : undefined,
    );
    await save(record);
    await release();
    this.#resolve(record);
  }

  async #execute(): Promise<Awaited<ReturnType<typeof executePlan>>> {
    const { signal } = this.#cancel;
    try {
      signal.throwIfAborted();
      const first = await this.request.prepare(signal);
      const outcome = await this.#executePlan(first, first.plan);
      if (outcome.kind !== 'done' || first.again === undefined) return outcome;
      const second = await first.again(signal);
      return await this.#executePlan(second, withOtherIds(second.plan));
    } catch (error) {
      return signal.aborted ? { kind: 'cancelled' } : { kind: 'failed', error: toAppError(error) };
    }
  }

  #executePlan({ project }: PreparedRun, plan: Plan): ReturnType<typeof executePlan> {
    const { signal } = this.#cancel;
    signal.throwIfAborted();
    this.#recorder.planned(plan);
    return executePlan(plan, {
      signal,
      observer: this.#recorder,
      apply: (step, stepSignal, report) =>
        this.#deps.engine.apply(step.operation, { project, signal: stepSignal, report }),
    });
  }

  #changed(stepEnded: boolean): void {
    const { outcome, steps } = this.record;
    if (stepEnded && outcome === 'running' && steps.length > 0) void this.#deps.save(this.record);
    this.#deps.onChange();
  }
}

/** Ids are those of one plan; a run of two keeps them apart. */
function withOtherIds(plan: Plan): Plan {
  const other = (id: string) => `${id}~2`;
  const steps = plan.steps.map((step) => ({
    ...step,
    id: other(step.id),
    dependsOn: step.dependsOn.map(other),
    ...(step.after === undefined ? {} : { after: step.after.map(other) }),
  }));
  return { ...plan, steps };
}

let lastTime = 0;

/** Sorts by time, also of those that are asked for at the same moment; see RunRepository. */
function newRunId(now: number): string {
  lastTime = Math.max(now, lastTime + 1);
  const time = new Date(lastTime).toISOString().replaceAll(/[-:.]/g, '');
  return `${time}-${randomBytes(3).toString('hex')}`;
}
