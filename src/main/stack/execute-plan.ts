import { type AppError, toAppError } from '../../shared/errors/app-error.ts';
import type { OperationProgress } from '../engine/stack-engine.ts';
import type { Operation, Plan, PlanStep } from '../plan/operation.ts';

export interface StepObserver {
  started(step: PlanStep): void;
  progressed(step: PlanStep, progress: OperationProgress): void;
  ended(step: PlanStep, status: 'done' | 'failed' | 'cancelled' | 'skipped', error?: AppError): void;
}

export interface ExecuteOptions {
  readonly apply: (
    step: PlanStep,
    signal: AbortSignal,
    report: (progress: OperationProgress) => void,
  ) => Promise<void>;
  readonly observer: StepObserver;
  readonly signal: AbortSignal;
  /** Waiting for health costs nothing and is not counted. */
  readonly concurrency?: number;
}

export type ExecuteOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: AppError };

const CONCURRENCY = 12;
/** An engine that does not let go within this time after a cancel is left behind: it has nothing to put in order. */
const ABANDON_MS = 2000;
/**
 * These put things in order before they let go, and the run, its lock and so the project's next run wait for it. Longer
 * than all the limits that the engine has there itself, one after the other.
 */
const LET_GO_MS: Partial<Record<Operation['kind'], number>> = {
  'create-container': 15_000,
  'recreate-container': 35_000,
  'replace-container': 80_000,
};

/** Runs the steps in parallel where the plan allows. A step that fails takes its dependants along, not the rest. */
export function executePlan(plan: Plan, options: ExecuteOptions): Promise<ExecuteOutcome> {
  return new PlanExecution(plan, options).run();
}

class PlanExecution {
  readonly #options: ExecuteOptions;
  readonly #waiting: Map<string, PlanStep>;
  readonly #ended = new Map<string, boolean>();
  readonly #running = new Set<Promise<void>>();
  #counted = 0;
  #error: AppError | undefined;

  constructor(plan: Plan, options: ExecuteOptions) {
    this.#options = options;
    this.#waiting = new Map(plan.steps.map((step) => [step.id, step]));
  }

  async run(): Promise<ExecuteOutcome> {
    const { signal } = this.#options;
    for (;;) {
      if (!signal.aborted) this.#launchReady();
      if (this.#running.size === 0) break;
      await Promise.race(this.#running);
    }
    for (const step of this.#waiting.values())
      this.#options.observer.ended(step, signal.aborted ? 'cancelled' : 'skipped');
    if (signal.aborted) return { kind: 'cancelled' };
    return this.#error === undefined ? { kind: 'done' } : { kind: 'failed', error: this.#error };
  }

  #launchReady(): void {
    for (const step of [...this.#waiting.values()]) {
      const done = (id: string) => this.#ended.get(id);
      if (step.dependsOn.some((id) => done(id) === false)) {
        this.#waiting.delete(step.id);
        this.#ended.set(step.id, false);
        this.#options.observer.ended(step, 'skipped');
        // What waits for this one may come earlier in the list.
        this.#launchReady();
        return;
      }
      const ready =
        step.dependsOn.every((id) => done(id) === true) &&
        (step.after ?? []).every((id) => done(id) !== undefined);
      const counts = step.operation.kind !== 'wait-container';
      if (!ready || (counts && this.#counted >= (this.#options.concurrency ?? CONCURRENCY))) continue;
      this.#waiting.delete(step.id);
      this.#launch(step, counts ? 1 : 0);
    }
  }

  #launch(step: PlanStep, weight: number): void {
    this.#counted += weight;
    this.#options.observer.started(step);
    const task = this.#runStep(step).finally(() => {
      this.#counted -= weight;
      this.#running.delete(task);
    });
    this.#running.add(task);
  }

  async #runStep(step: PlanStep): Promise<void> {
    const { apply, observer, signal } = this.#options;
    let live = true;
    const report = (progress: OperationProgress) => {
      if (live) observer.progressed(step, progress);
    };
    try {
      const limitMs = LET_GO_MS[step.operation.kind] ?? ABANDON_MS;
      await abandoned(apply(step, signal, report), signal, limitMs);
      this.#ended.set(step.id, true);
      observer.ended(step, 'done');
    } catch (error) {
      this.#ended.set(step.id, false);
      const fault = toAppError(error);
      if (signal.aborted) observer.ended(step, 'cancelled');
      else {
        this.#error ??= fault;
        observer.ended(step, 'failed', fault);
      }
    } finally {
      live = false;
    }
  }
}

/** Follows the work, but not for ever once it was told to stop. */
function abandoned(work: Promise<void>, signal: AbortSignal, limitMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const handleAbort = () => {
      timer = setTimeout(() => reject(signal.reason), limitMs);
    };
    if (signal.aborted) handleAbort();
    else signal.addEventListener('abort', handleAbort, { once: true });
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', handleAbort);
    });
  });
}
