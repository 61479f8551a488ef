import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findElectron } from '../scripts/electron-path.mjs';
import { treeMemoryMB } from './process-memory.ts';
import { readUsableAt } from './read-mark.ts';

const USABLE_TIMEOUT_MS = 60_000;
const POLL_MS = 300;
/** Long enough for what an app does right after its first picture. */
const SETTLE_MS = 3_000;
const EXIT_TIMEOUT_MS = 10_000;

export interface Launch {
  readonly usableMs: number;
  readonly memoryMB: number;
}

/**
 * Starts an app with a fresh profile and reads when it marked `skilldeck:usable`.
 *
 * Not through Playwright, which holds the app back until it has attached. The marks carry wall-clock times of their own, so
 * looking late does not change them.
 */
export async function launchWindow(
  app: string,
  appArgs: (folder: string) => readonly string[],
): Promise<Launch> {
  const electron = findElectron();
  const folder = await mkdtemp(path.join(tmpdir(), 'skilldeck-bench-'));
  const profile = path.join(folder, 'profile');
  const args = [
    ...electron.args,
    '--remote-debugging-port=0',
    app,
    `--user-data-dir=${profile}`,
    ...appArgs(folder),
  ];
  const startedAt = Date.now();
  const child = spawn(electron.executable, args, { stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    const usableAt = await waitForUsable(await debuggerPort(profile));
    await sleep(SETTLE_MS);
    const memoryMB = treeMemoryMB(child.pid ?? 0);
    return { usableMs: usableAt - startedAt, memoryMB };
  } finally {
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), EXIT_TIMEOUT_MS);
    await exited;
    clearTimeout(killer);
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Chromium writes the port it has chosen into its profile. */
async function debuggerPort(profile: string): Promise<string> {
  for (let left = USABLE_TIMEOUT_MS; left > 0; left -= POLL_MS) {
    const text = await readFile(path.join(profile, 'DevToolsActivePort'), 'utf8').catch(() => '');
    const port = text.split('\n')[0];
    if (port) return port;
    await sleep(POLL_MS);
  }
  throw new Error('The app did not open its debugging port.');
}

async function waitForUsable(port: string): Promise<number> {
  for (let left = USABLE_TIMEOUT_MS; left > 0; left -= POLL_MS) {
    const usableAt = await readUsableAt(port);
    if (usableAt !== undefined) return usableAt;
    await sleep(POLL_MS);
  }
  throw new Error('The window never marked skilldeck:usable.');
}
