import { watch } from 'chokidar';

/** What chokidar does. */
export type WatchFiles = (
  paths: string[],
  options: { ignoreInitial: boolean; depth: number; followSymlinks: boolean },
) => {
  on(event: 'all' | 'raw' | 'error', listener: (error: unknown) => void): unknown;
  close(): Promise<void>;
};

export interface WatchOptions {
  readonly paths: readonly string[];
  readonly depth: number;
  /** Watchers lose events on bind mounts of other systems; asking this often makes up for it. */
  readonly pollMs: number;
  readonly onHint: () => void;
  readonly onError: (error: unknown) => void;
  readonly watchFiles?: WatchFiles | undefined;
}

/** Editors write in several steps; one hint for all of them. */
const SETTLE_MS = 15;

/** Calls `onHint` when something under the paths may have changed. A hint is no proof: the reader compares. */
export function watchHints(options: WatchOptions): { close(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  const hint = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      options.onHint();
    }, SETTLE_MS);
  };
  const { watchFiles = watch } = options;
  const watcher = watchFiles([...options.paths], {
    ignoreInitial: true,
    depth: options.depth,
    followSymlinks: false,
  });
  // `all` leaves out changes within 50 ms of the one before, which may be the half of a write that matters; `raw` does not.
  watcher.on('all', hint);
  watcher.on('raw', hint);
  watcher.on('error', options.onError);
  const poll = setInterval(options.onHint, options.pollMs);
  poll.unref();
  return {
    close: async () => {
      clearInterval(poll);
      clearTimeout(timer);
      await watcher.close();
    },
  };
}
