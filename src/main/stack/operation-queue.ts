import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { RunRecord } from '../../shared/stack/run-record.ts';
import type { StackSnapshot } from '../../shared/stack/stack-snapshot.ts';
import type { OperationRequest, StackOperation } from './stack-operation.ts';

export interface OperationQueueDeps {
  readonly create: (request: OperationRequest) => StackOperation;
  readonly onFinished: (record: RunRecord) => void;
  readonly onChange: () => void;
}

const MAX_WAITING = 20;
/** They bring the whole project into a state: what came before them is not the same wish as what comes after. */
const BARRIERS: ReadonlySet<string> = new Set(['up', 'down']);

/** One operation at a time; the others wait in the order in which they were asked for. */
export class OperationQueue {
  readonly #deps: OperationQueueDeps;
  /** The first one runs. */
  readonly #operations: StackOperation[] = [];

  constructor(deps: OperationQueueDeps) {
    this.#deps = deps;
  }

  /** The one whose turn it is; it may still wait for another process. */
  get current(): StackOperation | undefined {
    return this.#operations[0];
  }

  get isIdle(): boolean {
    return this.#operations.length === 0;
  }

  /** Those that have not begun, in their order. */
  get waiting(): NonNullable<StackSnapshot['queue']> {
    return this.#operations
      .filter((operation) => operation.isQueued)
      .map(({ id, request }) => ({ id, kind: request.kind, services: [...(request.services ?? [])] }));
  }

  /**
   * A wish that is there already, running or waiting, is not added a second time.
   *
   * @throws AppError `operation.busy` when too many wait.
   */
  submit(request: OperationRequest): StackOperation {
    const same = this.#findSame(request.key);
    if (same !== undefined) return same;
    if (this.#operations.length > MAX_WAITING)
      throw new AppError('operation.busy', phrase('too_many_operations'), {
        hint: 'Wait until some have ended, or cancel them.',
        params: { operationId: this.current?.id ?? '' },
      });
    const operation = this.#deps.create(request);
    this.#operations.push(operation);
    void operation.finished.then((record) => this.#finished(operation, record));
    this.#startFirst();
    this.#deps.onChange();
    return operation;
  }

  /** Cancels the one that runs and all that wait, except those that `keep` names. */
  cancelAll(keep: (operation: StackOperation) => boolean = () => false): void {
    for (const operation of [...this.#operations].reverse()) if (!keep(operation)) operation.cancel();
  }

  interruptAll(): void {
    for (const operation of [...this.#operations].reverse()) operation.interrupt();
  }

  /** @throws AppError `operation.unknown` when it has ended. */
  cancel(operationId: string): void {
    const operation = this.find(operationId);
    if (operation === undefined)
      throw new AppError('operation.unknown', phrase('operation_ended'), {
        params: { operationId },
      });
    operation.cancel();
  }

  find(operationId: string): StackOperation | undefined {
    return this.#operations.find(({ id }) => id === operationId);
  }

  #findSame(key: string): StackOperation | undefined {
    for (const operation of [...this.#operations].reverse()) {
      if (operation.isCancelled) continue;
      if (operation.request.key === key) return operation;
      if (BARRIERS.has(operation.request.kind)) return undefined;
    }
    return undefined;
  }

  #startFirst(): void {
    // A turn later: who asked knows the operation before its first change is told.
    const [first] = this.#operations;
    if (first !== undefined) queueMicrotask(() => first.start());
  }

  #finished(operation: StackOperation, record: RunRecord): void {
    this.#operations.splice(this.#operations.indexOf(operation), 1);
    this.#startFirst();
    this.#deps.onFinished(record);
  }
}
