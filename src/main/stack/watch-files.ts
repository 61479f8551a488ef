import { watch } from 'chokidar';
import type { ProjectWatch } from './project-source.ts';

const SETTLE_MS = 150;

/** Tells when one of the files is made, changed or removed, once things have settled. */
export function watchFiles(files: readonly string[], onChange: () => void): ProjectWatch {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch([...files], { ignoreInitial: true });
  watcher.on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLE_MS);
  });
  // A watcher that fails costs only the live update: Start reads the files again anyway.
  watcher.on('error', () => {});
  return {
    close: async () => {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}
