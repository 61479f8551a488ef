import { join } from 'node:path';
import { AppError, toAppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { RunRecord } from '../../shared/stack/run-record.ts';
import type { StackSnapshot } from '../../shared/stack/stack-snapshot.ts';
import type { Logger } from '../lifetime/logger.ts';
import type { EngineHub } from './engine-hub.ts';
import type { Observation } from './observation.ts';
import { OperationQueue } from './operation-queue.ts';
import { ProjectLock, runsUnderWay } from './project-lock.ts';
import { RunRepository } from './run-repository.ts';
import { type OperationRequest, StackOperation } from './stack-operation.ts';
import { userStateDirectory } from './state-directory.ts';

export interface StackRunsDeps {
  readonly hub: EngineHub;
  readonly observation: Observation;
  /** Reads the files where that has not been done yet. */
  readonly projectName: () => Promise<string>;
  readonly runsDirectory: string;
  readonly lockDirectory: string | undefined;
  readonly origin: NonNullable<RunRecord['origin']>;
  readonly redact: (text: string) => string;
  readonly logger: Logger;
  readonly now: () => number;
  readonly onChange: () => void;
}

/** How often the record of a run of another process is read while it runs. */
const LOOK_MS = 500;

/** The runs of one project: the one under way, those that wait for it, and the records of those that were. */
export class StackRuns {
  readonly #deps: StackRunsDeps;
  readonly #queue: OperationQueue;
  readonly #repository: RunRepository;
  #last: RunRecord | undefined;
  #isEnded = false;
  #looking = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: StackRunsDeps) {
    this.#deps = deps;
    this.#repository = new RunRepository(deps.runsDirectory, deps.logger);
    this.#queue = new OperationQueue({
      create: (request) => this.#create(request),
      onFinished: (record) => this.#finished(record),
      onChange: deps.onChange,
    });
  }

  async open(): Promise<void> {
    await this.#readLast(true);
  }

  /** Takes notice of runs that another process did or does on this project. */
  async lookAtOthers(): Promise<void> {
    if (this.#looking || this.#isEnded || !this.#queue.isIdle) return;
    this.#looking = true;
    try {
      const before = this.#last;
      await this.#readLast(false);
      if (JSON.stringify(before) !== JSON.stringify(this.#last)) this.#deps.onChange();
    } finally {
      this.#looking = false;
    }
    if (this.#last?.outcome !== 'running' || this.#isEnded || !this.#deps.observation.isFollowed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.lookAtOthers(), LOOK_MS);
  }

  /** The run under way, else the last one. */
  get record(): RunRecord | undefined {
    const { current } = this.#queue;
    return current === undefined || current.isQueued ? this.#last : current.record;
  }

  get isBusy(): boolean {
    return !this.#queue.isIdle;
  }

  /** Those that have not begun. */
  get queue(): NonNullable<StackSnapshot['queue']> {
    return this.#queue.waiting;
  }

  /** @throws AppError `operation.busy` when too many wait. */
  submit(request: OperationRequest): { readonly operationId: string } {
    if (this.#isEnded) throw new AppError('cancelled', phrase('quitting'));
    return { operationId: this.#queue.submit(request).id };
  }

  cancelAllBut(key: string): void {
    this.#queue.cancelAll((operation) => operation.request.key === key);
  }

  /** @throws AppError `operation.unknown` */
  cancel(operationId: string): void {
    this.#queue.cancel(operationId);
  }

  /** The record as it is now, while the operation runs or waits. */
  recordOf(operationId: string): RunRecord | undefined {
    return this.#queue.find(operationId)?.record;
  }

  /** Rejects with `operation.unknown` when there is no record of it. */
  async finished(operationId: string): Promise<RunRecord> {
    const running = this.#queue.find(operationId);
    if (running !== undefined) return running.finished;
    const known = (await this.#repository.list(50)).find((record) => record.id === operationId);
    if (known !== undefined) return known;
    throw new AppError('operation.unknown', phrase('no_operation'), { params: { operationId } });
  }

  async whenIdle(): Promise<RunRecord | undefined> {
    for (let next = this.#queue.current; next !== undefined; next = this.#queue.current) await next.finished;
    return this.#last;
  }

  /** @param first also looks at older ones, for runs that were cut off with their process. */
  async #readLast(first: boolean): Promise<void> {
    let [last] = await this.#repository.list(1);
    if (first || last?.outcome === 'running') {
      // What another process is doing right now is not interrupted.
      await this.#repository.markInterrupted(await runsUnderWay(this.#lockDirectory));
      [last] = await this.#repository.list(1);
    }
    // A run of our own may have begun or ended meanwhile, and knows better.
    if (this.#queue.isIdle && last !== undefined && last.id >= (this.#last?.id ?? '')) this.#last = last;
  }

  async list(limit: number): Promise<RunRecord[]> {
    return [...(await this.#repository.list(limit))];
  }

  /** What was done stays; the records say why it stopped. */
  async dispose(): Promise<void> {
    this.#isEnded = true;
    clearTimeout(this.#timer);
    this.#queue.interruptAll();
    await this.whenIdle();
  }

  #create(request: OperationRequest): StackOperation {
    const { hub, logger, now, onChange, origin, redact } = this.#deps;
    const releaseEngine = hub.lease();
    const operation = new StackOperation(request, {
      engine: hub.engine,
      origin,
      lock: async (run, signal) => {
        try {
          return await (await this.#lock()).acquire(run, signal);
        } catch (error) {
          if (signal.aborted) throw error;
          // The lock protects; that it cannot be had here must not keep a stack from being stopped.
          logger.warn({ code: toAppError(error).code }, 'the project is not locked against other processes');
          return async () => {};
        }
      },
      save: (record) => this.#repository.save(record),
      redact,
      now,
      onChange,
    });
    void operation.finished.then(releaseEngine);
    return operation;
  }

  #finished(record: RunRecord): void {
    const { logger, observation, onChange } = this.#deps;
    logger.info({ run: record.id, kind: record.kind, outcome: record.outcome }, 'the run has ended');
    this.#last = record;
    onChange();
    if (observation.isFollowed) void observation.refresh();
  }

  /** By name alone: whoever reaches the same engine by another way is meant as well. */
  async #lock(): Promise<ProjectLock> {
    const { hub, projectName } = this.#deps;
    const name = `${hub.engine.kind}/${await projectName()}`;
    return new ProjectLock({ directory: this.#lockDirectory, name });
  }

  get #lockDirectory(): string {
    return this.#deps.lockDirectory ?? join(userStateDirectory(), 'locks');
  }
}
