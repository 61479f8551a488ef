import type { StackSnapshot } from '../../shared/stack/stack-snapshot.ts';
import { StatePublisher } from '../rpc/state-publisher.ts';
import { buildSnapshot } from './build-snapshot.ts';
import type { EngineHub } from './engine-hub.ts';
import type { Observation } from './observation.ts';
import type { ProjectFiles } from './project-files.ts';
import type { ProjectSource } from './project-source.ts';
import type { StackPlanner } from './stack-planner.ts';
import type { StackRuns } from './stack-runs.ts';

export interface StackViewDeps {
  readonly hub: EngineHub;
  readonly source: ProjectSource;
  readonly files: ProjectFiles;
  readonly observation: Observation;
  readonly planner: StackPlanner;
  readonly runs: StackRuns;
  readonly redact: (text: string) => string;
  /** Coalesces changes; 0 in tests. */
  readonly intervalMs: number;
}

/** What can be seen of one project; kept up to date while somebody looks. */
export class StackView {
  readonly #deps: StackViewDeps;
  readonly #changes: StatePublisher<number>;
  #lookers = 0;
  #seq = 0;
  #snapshot: StackSnapshot | undefined;
  #planCache:
    | { readonly inputs: readonly unknown[]; readonly current: ReturnType<StackPlanner['current']> }
    | undefined;

  constructor(deps: StackViewDeps) {
    this.#deps = deps;
    this.#changes = new StatePublisher(0, deps.intervalMs);
  }

  get snapshot(): StackSnapshot {
    this.#snapshot ??= this.#build();
    return this.#snapshot;
  }

  /** Something that a snapshot is made of is another one now. */
  changed(): void {
    this.#snapshot = undefined;
    this.#changes.publish(this.#changes.value + 1);
  }

  /** Now, then after every change, coalesced; looks at nothing by itself. */
  changes(signal: AbortSignal | undefined): AsyncGenerator<number, void, void> {
    return this.#changes.subscribe(signal);
  }

  async *subscribe(signal: AbortSignal | undefined): AsyncGenerator<StackSnapshot, void, void> {
    const release = this.follow();
    try {
      for await (const _version of this.#changes.subscribe(signal)) yield this.snapshot;
    } finally {
      release();
    }
  }

  /** Follows files and engine until the returned function is called. */
  follow(): () => void {
    const { files, observation } = this.#deps;
    const release = observation.retain();
    let held = true;
    this.#lookers += 1;
    if (this.#lookers === 1) {
      files.watch();
      void files.reload();
    }
    return () => {
      release();
      if (!held) return;
      held = false;
      this.#lookers -= 1;
      if (this.#lookers === 0) void files.unwatch();
    };
  }

  /** Made when somebody reads it: progress changes far more often than that. */
  #build(): StackSnapshot {
    this.#seq += 1;
    const { files, hub, observation, redact, runs, source } = this.#deps;
    const { error, plan } = this.#currentPlan();
    return buildSnapshot({
      seq: this.#seq,
      projectId: source.id,
      projectName: files.name,
      workspace: source.directory,
      engine: hub.status,
      project: files.project,
      projectError: files.error ?? error,
      observed: observation.state,
      plan,
      queue: runs.queue,
      run: runs.record,
      lastLines: observation.lastLines,
      redact,
    });
  }

  /** Cached by what it is made of. */
  #currentPlan(): ReturnType<StackPlanner['current']> {
    const { files, hub, observation, planner } = this.#deps;
    const inputs = [files.project, observation.state, files.buildHashes, hub.engine];
    if (this.#planCache?.inputs.every((input, index) => input === inputs[index]) !== true)
      this.#planCache = { inputs, current: planner.current() };
    return this.#planCache.current;
  }
}
