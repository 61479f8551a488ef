import type { DockerApi } from './docker-api.ts';

const LAST = new WeakMap<DockerApi, Promise<unknown>>();

/** Runs after those that were queued before, whatever became of them. */
export function queueStart<T>(api: DockerApi, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const next = (LAST.get(api) ?? Promise.resolve()).then(() => {
    signal.throwIfAborted();
    return work();
  });
  LAST.set(
    api,
    next.catch(() => {}),
  );
  return next;
}
