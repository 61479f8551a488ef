import { AppError } from '../../shared/errors/app-error.ts';
import type { EngineKind } from '../../shared/stack/stack-snapshot.ts';
import type { ServiceStats } from '../../shared/stats/stats-contract.ts';
import type { ObservedContainer, ObservedState } from '../plan/observed-state.ts';
import type { Operation } from '../plan/operation.ts';
import { simulateOperation } from '../plan/simulate-operation.ts';
import type {
  EngineChange,
  EngineDescription,
  EngineLogLine,
  OperationContext,
  ShellSession,
  StackEngine,
} from './stack-engine.ts';

/** An engine in memory, for tests: obeys at once, and can be told to fail, to hang or to go away. */
export class FakeEngine implements StackEngine {
  readonly kind: EngineKind;
  readonly applied: Operation[] = [];
  /** Consulted before each operation; may throw, or wait. */
  beforeApply: (operation: Operation, context: OperationContext) => Promise<void> = async () => {};
  /** What `connect` answers while set. */
  connectFault: AppError | undefined;
  logLines: readonly EngineLogLine[] = [];
  disposed = false;
  #state: ObservedState = { containers: [], networks: [], volumes: [], images: {} };
  readonly #watchers = new Set<{ readonly wake: () => void; fault: AppError | undefined }>();
  #ids = 0;

  constructor(kind: EngineKind = 'docker') {
    this.kind = kind;
  }

  get state(): ObservedState {
    return this.#state;
  }

  get watcherCount(): number {
    return this.#watchers.size;
  }

  /** As if another tool had changed something. */
  setState(state: ObservedState): void {
    this.#state = state;
    for (const watcher of this.#watchers) watcher.wake();
  }

  changeService(service: string, to: Partial<ObservedContainer>): void {
    const containers = this.#state.containers.map((container) =>
      container.service === service ? { ...container, ...to } : container,
    );
    this.setState({ ...this.#state, containers });
  }

  /** The connection breaks; `connect` goes on failing until `connectFault` is cleared. */
  goAway(): void {
    this.connectFault = new AppError('engine.unreachable', 'The fake engine went away.');
    for (const watcher of this.#watchers) {
      watcher.fault = this.connectFault;
      watcher.wake();
    }
  }

  async connect(): Promise<EngineDescription> {
    if (this.connectFault !== undefined) throw this.connectFault;
    return { context: 'fake', version: '1.0' };
  }

  async observe(): Promise<ObservedState> {
    if (this.connectFault !== undefined) throw this.connectFault;
    return this.#state;
  }

  async *watch(_projectName: string, signal: AbortSignal): AsyncIterable<EngineChange> {
    let wake = () => {};
    const watcher = { wake: () => wake(), fault: undefined as AppError | undefined };
    this.#watchers.add(watcher);
    const handleAbort = () => wake();
    signal.addEventListener('abort', handleAbort);
    try {
      while (!signal.aborted) {
        const changed = new Promise<void>((resolve) => {
          wake = resolve;
        });
        yield { kind: 'changed' };
        if (!signal.aborted && watcher.fault === undefined) await changed;
        if (watcher.fault !== undefined) throw watcher.fault;
      }
    } finally {
      signal.removeEventListener('abort', handleAbort);
      this.#watchers.delete(watcher);
    }
  }

  async apply(operation: Operation, context: OperationContext): Promise<void> {
    await this.beforeApply(operation, context);
    context.signal.throwIfAborted();
    this.applied.push(operation);
    const nextId = () => {
      this.#ids += 1;
      return this.#ids.toString(16).padStart(12, '0');
    };
    const simulation = { project: context.project, engine: this.kind, buildHashes: {}, nextId };
    this.setState(simulateOperation(this.#state, operation, simulation));
  }

  async *logs(): AsyncIterable<EngineLogLine> {
    yield* this.logLines;
  }

  openShell(): Promise<ShellSession> {
    return Promise.reject(new AppError('terminal.failed', 'The fake engine has no shell.'));
  }

  async stats(): Promise<readonly ServiceStats[]> {
    return [];
  }

  async dispose(): Promise<void> {
    this.disposed = true;
  }
}
