import { spawn } from 'node:child_process';
import { SetupError } from './setup-error.mjs';

const START_TIMEOUT_MS = 10_000;
const SCREEN = '1920x1080x24';

/** Whether a window can be shown here without help. */
export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/**
 * Starts an X server without a screen on a free display number.
 *
 * @returns {Promise<{ display: string, stop: () => void }>}
 */
export async function startVirtualDisplay() {
  // The server picks a free number itself and writes it to descriptor 3 as soon as it accepts clients.
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    // A group of its own: Ctrl+C goes to the app, which needs the display until it has closed its windows.
    detached: true,
  });
  const stop = () => void server.kill();
  process.once('exit', stop);
  const number = await new Promise((resolve, reject) => {
    const fail = (/** @type {string} */ why) =>
      reject(new SetupError(`The virtual display did not start: ${why}.`, 'Try `Xvfb :99` to see why.'));
    const timer = setTimeout(() => fail('no answer'), START_TIMEOUT_MS);
    server.once('error', (error) => fail(error.message));
    server.once('exit', (code) => fail(`exit code ${code}`));
    server.stdio[3]?.once('data', (chunk) => {
      clearTimeout(timer);
      resolve(String(chunk).trim());
    });
  });
  return { display: `:${number}`, stop };
}

/**
 * Gives the work a display: the one that is there, else one of its own for as long as it runs.
 *
 * @template T
 * @param {(env: { DISPLAY?: string }) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withDisplay(work) {
  if (hasDisplay()) return await work({});
  const { display, stop } = await startVirtualDisplay();
  try {
    return await work({ DISPLAY: display });
  } finally {
    stop();
  }
}
