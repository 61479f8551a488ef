import { createHash } from 'node:crypto';
import { toAppError } from '../../shared/errors/app-error.ts';
import type { EngineProject } from '../engine/stack-engine.ts';
import type { Logger } from '../lifetime/logger.ts';
import type { EngineHub } from '../stack/engine-hub.ts';

const LIST_LIMIT_MS = 10_000;
/** Events come in bursts; one list answers them all. */
const SETTLE_MS = 200;

export interface EngineProjectsDeps {
  readonly hub: EngineHub;
  readonly logger: Logger;
  readonly onChange: () => void;
  readonly settleMs?: number;
}

/** All projects of the engine, by labels alone; kept up to date while somebody looks at the list. */
export class EngineProjects {
  readonly #deps: EngineProjectsDeps;
  readonly #unlisten: () => void;
  readonly #ended = new AbortController();
  #projects: readonly EngineProject[] = [];
  #lookers = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: EngineProjectsDeps) {
    this.#deps = deps;
    this.#unlisten = deps.hub.listen({
      onChange: () => this.#schedule(),
      onStatus: (status) => {
        if (status.kind === 'connected' || this.#projects.length === 0) return;
        this.#projects = [];
        deps.onChange();
      },
    });
  }

  get projects(): readonly EngineProject[] {
    return this.#projects;
  }

  byId(id: string): EngineProject | undefined {
    return this.#projects.find((project) => foundProjectId(project.name) === id);
  }

  retain(): () => void {
    let held = true;
    this.#lookers += 1;
    if (this.#lookers === 1) void this.refresh();
    return () => {
      if (held) this.#lookers -= 1;
      held = false;
    };
  }

  /** Never rejects: a list that failed once leaves what is known. */
  async refresh(): Promise<void> {
    const { hub, logger, onChange } = this.#deps;
    if (hub.status.kind !== 'connected') return;
    const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(LIST_LIMIT_MS)]);
    try {
      this.#projects = (await hub.engine.listProjects?.(signal)) ?? [];
      onChange();
    } catch (error) {
      if (!this.#ended.signal.aborted)
        logger.warn({ code: toAppError(error).code }, 'the engine did not list its projects');
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#ended.abort();
    this.#unlisten();
  }

  #schedule(): void {
    if (this.#lookers === 0 || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.refresh();
    }, this.#deps.settleMs ?? SETTLE_MS);
  }
}

/** Of a project that is known by its name on the engine alone. */
export function foundProjectId(name: string): string {
  return `found-${createHash('sha256').update(name).digest('hex').slice(0, 24)}`;
}
