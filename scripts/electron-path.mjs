import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FALLBACK_EXECUTABLE, FALLBACK_VERSION, hasFallback } from './setup/electron-fallback.mjs';
import { hasOfficialElectron, wantedElectronVersion } from './setup/electron-runtime.mjs';
import { inRepository } from './setup/paths.mjs';
import { SetupError } from './setup/setup-error.mjs';

/**
 * @typedef {object} ElectronRuntime
 * @property {string} executable
 * @property {string} version
 * @property {boolean} isOfficial false: the fallback, for development and tests only
 * @property {string[]} args what every start needs in front of the app's path
 */

/**
 * The Electron that start, tests, benchmarks and packaging use on this machine.
 *
 * Start it with a display (`DISPLAY`, or scripts/setup/virtual-display.mjs) and as
 * `spawn(executable, [...args, appDir, ...appArgs])`. `electron-vite` takes it through ELECTRON_EXEC_PATH together with
 * ELECTRON_MAJOR_VER, Playwright through `_electron.launch({ executablePath, args })`.
 *
 * @returns {ElectronRuntime}
 */
export function findElectron() {
  // Chromium's sandbox refuses to work for root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  if (hasOfficialElectron()) {
    const packageDir = inRepository('node_modules', 'electron');
    const executable = join(packageDir, 'dist', readFileSync(join(packageDir, 'path.txt'), 'utf8'));
    return { executable, version: wantedElectronVersion(), isOfficial: true, args };
  }
  if (hasFallback())
    return { executable: FALLBACK_EXECUTABLE, version: FALLBACK_VERSION, isOfficial: false, args };
  throw new SetupError('There is no Electron yet.', 'Run `npm start` or `npm test` once; both set it up.');
}

/** @param {ElectronRuntime} runtime */
export const electronMajor = (runtime) => Number(runtime.version.split('.')[0]);
