import { AppError } from '../../../shared/errors/app-error.ts';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import { LABEL } from '../../plan/labels.ts';
import type { EngineChange, ProjectsChange } from '../stack-engine.ts';
import type { DockerApi } from './docker-api.ts';
import { toEngineError } from './engine-errors.ts';
import { readJsonLines } from './json-lines.ts';

export interface WatchTimes {
  /** Events within this time are one change. */
  readonly coalesceMs: number;
  /**
   * So long after its last event a project is told once more: the engine announces a pause or a stop before its lists know of
   * it (moby/moby#50133), and nothing else would follow.
   */
  readonly settleMs: number;
  readonly heartbeatMs: number;
  readonly heartbeatTimeoutMs: number;
}

const DEFAULT_TIMES: WatchTimes = {
  coalesceMs: 100,
  settleMs: 300,
  heartbeatMs: 20_000,
  heartbeatTimeoutMs: 10_000,
};

/** Listed, because every health probe also emits `exec_*` events. `health_status` matches its `: healthy` forms. */
const EVENTS = [
  'create',
  'start',
  'restart',
  'die',
  'stop',
  'kill',
  'oom',
  'pause',
  'unpause',
  'destroy',
  'rename',
  'update',
  'health_status',
  'connect',
  'disconnect',
  'remove',
];

/** Projects that an event may concern; `any` where the event does not say, `none` where it cannot matter. */
type Concerned = readonly string[] | 'any' | 'none';

/**
 * Yields at once after subscribing, then after every burst of events of the project, and throws
 * `engine.unreachable` when the stream ends: the engine never ends it by itself.
 */
export async function* watchProject(
  api: DockerApi,
  projectName: string,
  signal: AbortSignal,
  times: WatchTimes = DEFAULT_TIMES,
): AsyncGenerator<EngineChange, void, void> {
  const concerned = (event: Readonly<Record<string, unknown>>) =>
    concernsProject(event, projectName) ? 'any' : 'none';
  yield* watchEvents(api, concerned, signal, times);
}

/** As {@link watchProject} for all projects at once, over one stream: which of them a burst of events was about. */
export function watchProjects(
  api: DockerApi,
  signal: AbortSignal,
  times: WatchTimes = DEFAULT_TIMES,
): AsyncGenerator<ProjectsChange, void, void> {
  return watchEvents(api, concernedProjects, signal, times);
}

async function* watchEvents(
  api: DockerApi,
  concerned: (event: Readonly<Record<string, unknown>>) => Concerned,
  signal: AbortSignal,
  times: WatchTimes,
): AsyncGenerator<ProjectsChange, void, void> {
  const closing = new AbortController();
  const combined = AbortSignal.any([signal, closing.signal]);
  const fresh = new Set<string>();
  const settling = new Settling(times.settleMs);
  let fault: AppError | undefined;
  let wake = () => {};
  const fail = (error: AppError) => {
    fault ??= error;
    wake();
  };
  try {
    // Networks and volumes carry no labels in their events, so the engine cannot filter them by project.
    const filters = { type: ['container', 'network', 'volume'], event: EVENTS };
    const stream = await api.stream({ path: '/events', query: { filters }, signal: combined });
    const reading = (async () => {
      for await (const event of readJsonLines(stream)) {
        const those = concerned(event);
        if (those === 'none') continue;
        for (const one of those === 'any' ? [ANY] : those) fresh.add(one);
        wake();
      }
      fail(lostStream());
    })();
    reading.catch((error: unknown) =>
      fail(
        toEngineError(error, signal).code === 'engine.unreachable' ? toEngineError(error) : lostStream(error),
      ),
    );
    startHeartbeat(api, combined, times, fail);
    const onAbort = () => wake();
    signal.addEventListener('abort', onAbort, { once: true });
    closing.signal.addEventListener('abort', () => signal.removeEventListener('abort', onAbort));
    yield toChange([ANY]);
    while (!signal.aborted) {
      if (fault) throw fault;
      const settled = settling.takeDue();
      if (fresh.size > 0 || settled.length > 0) {
        const those = [...fresh];
        fresh.clear();
        settling.begin(those);
        yield toChange([...settled, ...those]);
        await pause(times.coalesceMs, combined);
        continue;
      }
      await new Promise<void>((resolve) => {
        const leftMs = settling.leftMs;
        const timer = leftMs === undefined ? undefined : setTimeout(resolve, leftMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  } catch (error) {
    if (!signal.aborted) throw toEngineError(error);
  } finally {
    closing.abort();
  }
}

/** Stands for all projects; none can be named so. */
const ANY = '*';

function toChange(those: readonly string[]): ProjectsChange {
  return those.includes(ANY) ? { kind: 'changed' } : { kind: 'changed', projects: [...new Set(those)] };
}

/** Projects that were told, but not for the last time; each has a time of its own, so that a noisy one does not put off the others. */
class Settling {
  readonly #settleMs: number;
  /** In the order of their times. */
  readonly #dueAt = new Map<string, number>();

  constructor(settleMs: number) {
    this.#settleMs = settleMs;
  }

  /** Until the next one; undefined: there is none. */
  get leftMs(): number | undefined {
    for (const at of this.#dueAt.values()) return Math.max(at - performance.now(), 0);
    return undefined;
  }

  begin(those: readonly string[]): void {
    for (const one of those) {
      this.#dueAt.delete(one);
      this.#dueAt.set(one, performance.now() + this.#settleMs);
    }
  }

  takeDue(): string[] {
    const now = performance.now();
    const due = [...this.#dueAt].filter(([, at]) => at <= now).map(([one]) => one);
    for (const one of due) this.#dueAt.delete(one);
    return due;
  }
}

/** Networks and volumes carry no labels in their events, so nobody knows whose they are. */
export function concernedProjects(event: Readonly<Record<string, unknown>>): Concerned {
  if (event.Type !== 'container') return 'any';
  const actor = event.Actor;
  const attributes = actor instanceof Object && 'Attributes' in actor ? actor.Attributes : undefined;
  const project =
    attributes instanceof Object
      ? (attributes as Readonly<Record<string, unknown>>)[LABEL.project]
      : undefined;
  return typeof project === 'string' && project !== '' ? [project] : 'none';
}

/** API ≥ 1.52 has only `Type`, `Action` and `Actor`; older ones have them too. */
export function concernsProject(event: Readonly<Record<string, unknown>>, projectName: string): boolean {
  const actor = event.Actor;
  const attributes = actor instanceof Object && 'Attributes' in actor ? actor.Attributes : undefined;
  const values = attributes instanceof Object ? (attributes as Readonly<Record<string, unknown>>) : {};
  if (event.Type === 'container') return values[LABEL.project] === projectName;
  const id = actor instanceof Object && 'ID' in actor ? actor.ID : undefined;
  const name = typeof values.name === 'string' ? values.name : id;
  return typeof name === 'string' && name.startsWith(`${projectName}_`);
}

/** A connection through a proxy or a sleeping virtual machine dies without a word; asking finds out. */
function startHeartbeat(
  api: DockerApi,
  signal: AbortSignal,
  times: WatchTimes,
  fail: (error: AppError) => void,
): void {
  const beat = setInterval(() => {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(times.heartbeatTimeoutMs)]);
    api.json({ path: '/_ping', signal: limited }).catch((error: unknown) => {
      if (!signal.aborted) fail(lostStream(error));
    });
  }, times.heartbeatMs);
  signal.addEventListener('abort', () => clearInterval(beat), { once: true });
}

export function lostStream(cause?: unknown): AppError {
  return new AppError('engine.unreachable', phrase('connection_lost'), {
    hint: 'Check that Docker is running; Skilldeck reconnects by itself.',
    cause,
  });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal.aborted) done();
    else signal.addEventListener('abort', done, { once: true });
  });
}
