import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findElectron } from './electron-path.mjs';
import { CACHE_DIR, toolEnvironment } from './setup/paths.mjs';
import { run } from './setup/run-command.mjs';

/**
 * A runtime folder as electron-builder wants it: without the default app, which it would copy into the package.
 *
 * Only the fallback needs one; electron-builder fetches the official runtime by itself, or takes the installed one.
 */
function packagingRuntime() {
  const electron = findElectron();
  const installed = dirname(electron.executable);
  if (electron.isOfficial) return process.platform === 'darwin' ? undefined : installed;
  const runtime = join(CACHE_DIR, `electron-${electron.version}-for-packages`);
  if (!existsSync(join(runtime, 'electron'))) {
    const incomplete = `${runtime}.part`;
    rmSync(incomplete, { recursive: true, force: true });
    cpSync(installed, incomplete, {
      recursive: true,
      filter: (source) => !source.endsWith('default_app.asar'),
    });
    renameSync(incomplete, runtime);
  }
  return runtime;
}

/**
 * Runs electron-builder over what lies in out/ and stack/.
 *
 * @param {{ targets: readonly string[], output: string, settings?: Record<string, string>, env?: NodeJS.ProcessEnv }} options
 */
export async function packageApp({ targets, output, settings = {}, env = {} }) {
  const electron = findElectron();
  const runtime = packagingRuntime();
  const all = {
    'directories.output': output,
    electronVersion: electron.version,
    ...(runtime ? { electronDist: runtime } : {}),
    ...settings,
  };
  const options = Object.entries(all).map(([key, value]) => `-c.${key}=${value}`);
  await run('electron-builder', [...targets, '--publish', 'never', ...options], {
    env: toolEnvironment(env),
  });
}
