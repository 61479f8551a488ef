import type { ProjectWatch } from './project-source.ts';

const SETTLE_MS = 150;

/** Tells when one of the files is made, changed or removed, once things have settled. */
export function watchFiles(files: readonly string[], onChange: () => void): ProjectWatch {
  let timer: NodeJS.Timeout | undefined;
  // Loaded when something is watched: a command line reads the files once.
  const watching = import('chokidar').then(({ watch }) => {
    const watcher = watch([...files], { ignoreInitial: true });
    watcher.on('all', () => {
      clearTimeout(timer);
      timer = setTimeout(onChange, SETTLE_MS);
    });
    // A watcher that fails costs only the live update: Start reads the files again anyway.
    watcher.on('error', () => {});
    return watcher;
  });
  return {
    close: async () => {
      await (await watching).close();
      clearTimeout(timer);
    },
  };
}
