import { toAppError } from '../../shared/errors/app-error.ts';
import type { Project } from '../compose/project.ts';
import type { Logger } from '../lifetime/logger.ts';
import type { ObservedState } from '../plan/observed-state.ts';
import type { EngineHub } from './engine-hub.ts';
import { imageReferences } from './image-references.ts';
import { LastLines } from './last-lines.ts';

export interface ObservationDeps {
  readonly hub: EngineHub;
  readonly projectName: () => string;
  /** References that the project names. */
  readonly images: () => readonly string[];
  readonly logger: Logger;
  /** The state, or what failed instances said last, is another one now. */
  readonly onChange: () => void;
}

/** What the engine has of one project, kept up to date while somebody looks; asks nothing otherwise. */
export class Observation {
  readonly #deps: ObservationDeps;
  readonly #lastLines: LastLines;
  readonly #ended = new AbortController();
  readonly #unlisten: () => void;
  #lookers = 0;
  #state: ObservedState | undefined;
  #refreshing: Promise<void> | undefined;
  #refreshAgain = false;

  constructor(deps: ObservationDeps) {
    this.#deps = deps;
    this.#lastLines = new LastLines(deps.onChange);
    this.#unlisten = deps.hub.listen({
      onStatus: (status) => {
        // What an absent engine once said is no truth about now.
        if (status.kind !== 'connected') this.#state = undefined;
        deps.onChange();
      },
      onChange: (concerns) => {
        if (this.isFollowed && concerns(deps.projectName())) void this.refresh();
      },
    });
  }

  /** Undefined while the engine has not been asked, or nobody looks. */
  get state(): ObservedState | undefined {
    return this.#state;
  }

  get lastLines(): ReadonlyMap<string, readonly string[]> {
    return this.#lastLines.byInstance;
  }

  get isFollowed(): boolean {
    return this.#lookers > 0;
  }

  /** Follows the project until the returned function is called. */
  retain(): () => void {
    let held = true;
    this.#lookers += 1;
    if (this.#lookers === 1) void this.refresh();
    return () => {
      if (!held) return;
      held = false;
      this.#lookers -= 1;
      // Old by the time somebody looks again.
      if (this.#lookers === 0) this.forget();
    };
  }

  forget(): void {
    this.#state = undefined;
  }

  /** Asks the engine what there is; calls that come meanwhile share the next answer. Never rejects. */
  refresh(): Promise<void> {
    if (this.#deps.hub.status.kind !== 'connected') return Promise.resolve();
    if (this.#refreshing !== undefined) {
      this.#refreshAgain = true;
      return this.#refreshing;
    }
    this.#refreshing = this.#refreshUntilQuiet().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** What there is now, for a plan; of this project's images where one is given. */
  async read(signal: AbortSignal, project?: Project): Promise<ObservedState> {
    const { hub, images, projectName } = this.#deps;
    const engine = await hub.ready(signal);
    return engine.observe(projectName(), project === undefined ? images() : imageReferences(project), signal);
  }

  dispose(): void {
    this.#ended.abort();
    this.#unlisten();
    this.#lastLines.dispose();
  }

  async #refreshUntilQuiet(): Promise<void> {
    const { hub, images, logger, onChange, projectName } = this.#deps;
    const { signal } = this.#ended;
    do {
      this.#refreshAgain = false;
      const [engine, name] = [hub.engine, projectName()];
      try {
        const state = await engine.observe(name, images(), signal);
        if (signal.aborted || engine !== hub.engine || hub.status.kind !== 'connected') return;
        // The answer to a question that nobody would ask any more.
        if (name !== projectName()) continue;
        this.#state = state;
        this.#lastLines.follow(engine, state.containers);
      } catch (error) {
        // The hub notices a lost engine by itself; anything else is a list that failed once.
        if (!signal.aborted)
          logger.warn({ code: toAppError(error).code }, 'the engine did not list the stack');
        return;
      }
      onChange();
    } while (this.#refreshAgain && !signal.aborted);
  }
}
