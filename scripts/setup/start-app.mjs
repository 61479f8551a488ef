import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { findElectron } from '../electron-path.mjs';
import { ROOT, toolEnvironment } from './paths.mjs';
import { hasDisplay, withDisplay } from './virtual-display.mjs';

/** Chromium's own log lines: `[123:0101/120000.000:ERROR:bus.cc(407)] …`. Without a desktop there are many, all harmless. */
const CHROMIUM_LOG = /^\[\d+:\d+\/[\d.]+:(?:ERROR|WARNING|INFO):\S+\(\d+\)\]/;

/**
 * Starts the built app and lives as long as it does.
 *
 * @param {readonly string[]} appArgs
 * @returns {Promise<number>} the app's exit code
 */
export async function startApp(appArgs) {
  const electron = findElectron();
  if (electron.args.includes('--no-sandbox')) {
    console.log("· running as root, where Chromium's sandbox cannot work: --no-sandbox");
  }
  if (!hasDisplay()) console.log('· no display here: the window opens in a virtual one (Xvfb)');
  return await withDisplay((display) => runElectron(electron, appArgs, display));
}

/**
 * @param {import('../electron-path.mjs').ElectronRuntime} electron
 * @param {readonly string[]} appArgs
 * @param {{ DISPLAY?: string }} display
 * @returns {Promise<number>}
 */
function runElectron(electron, appArgs, display) {
  const env = toolEnvironment({ NODE_ENV: 'production', ...display });
  delete env.ELECTRON_RUN_AS_NODE;
  const app = spawn(electron.executable, [...electron.args, ROOT, ...appArgs], {
    env,
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  createInterface({ input: app.stderr }).on('line', (line) => {
    if (!CHROMIUM_LOG.test(line)) process.stderr.write(`${line}\n`);
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    // In a terminal Ctrl+C reaches the app by itself; a second one would cut its shutdown short.
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) app.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    app.on('error', reject);
    app.on('close', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });
}
