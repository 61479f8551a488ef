import type { EngineLogLine, StackEngine } from '../../main/engine/stack-engine.ts';
import type { ObservedContainer } from '../../main/plan/observed-state.ts';

export interface NamedLine extends EngineLogLine {
  readonly container: string;
  readonly service: string;
}

export interface FollowLogsOptions {
  readonly project: string;
  readonly services: readonly string[];
  readonly tail: number;
  readonly since?: number;
}

export async function* namedLines(
  lines: AsyncIterable<EngineLogLine>,
  { name, service }: ObservedContainer,
): AsyncGenerator<NamedLine, void, void> {
  for await (const line of lines) yield { ...line, container: name, service };
}

/**
 * Lines of all containers as they come, also of those that are created or started again meanwhile.
 *
 * Ends when none of them runs any more, as `docker compose logs -f` does.
 */
export async function followLogs(
  engine: Pick<StackEngine, 'logs' | 'observe' | 'watch'>,
  options: FollowLogsOptions,
  onLine: (line: NamedLine) => void | Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const ended = new AbortController();
  const both = AbortSignal.any([signal, ended.signal]);
  const reading = new Map<string, Promise<void>>();
  /** Time of the last line of those that were read once. */
  const readUntil = new Map<string, number>();
  let failure: unknown;
  const read = async (container: ObservedContainer) => {
    const until = readUntil.get(container.id);
    const tail = until === undefined ? options.tail : Number.MAX_SAFE_INTEGER;
    const since = until === undefined ? options.since : until + 1;
    readUntil.set(container.id, until ?? Date.now());
    const lines = engine.logs(
      container.id,
      { follow: true, tail, ...(since === undefined ? {} : { since }) },
      both,
    );
    for await (const line of namedLines(lines, container)) {
      readUntil.set(container.id, line.at);
      await onLine(line);
    }
  };
  const begin = (container: ObservedContainer) => {
    const task = read(container)
      .catch((error: unknown) => {
        if (both.aborted) return;
        failure ??= error;
        ended.abort();
      })
      .finally(() => reading.delete(container.id));
    reading.set(container.id, task);
  };
  try {
    for await (const _change of engine.watch(options.project, both)) {
      const { containers } = await engine.observe(options.project, [], both);
      const wanted = containers.filter(
        ({ service }) => options.services.length === 0 || options.services.includes(service),
      );
      for (const container of wanted)
        if (!reading.has(container.id) && (isUp(container) || !readUntil.has(container.id))) begin(container);
      if (wanted.some(isUp)) continue;
      await Promise.all(reading.values());
      break;
    }
  } catch (error) {
    if (!both.aborted) throw error;
  } finally {
    ended.abort();
    await Promise.all(reading.values());
  }
  if (failure !== undefined) throw failure;
}

function isUp({ state }: ObservedContainer): boolean {
  return state === 'running' || state === 'paused' || state === 'restarting';
}
