import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { findElectron } from '../../scripts/electron-path.mjs';
import type { Workbench } from './workbench.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** A running app: its window, and every line that it printed in the terminal. */
export interface Skilldeck {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly output: string[];
  /** Quits the app and waits until it is gone; safe to call again. */
  close(): Promise<void>;
}

export async function launchSkilldeck(
  workbench: Workbench,
  extraArgs: readonly string[] = [],
): Promise<Skilldeck> {
  const runtime = findElectron();
  const app = await launch(runtime.executable, [
    ...runtime.args,
    REPOSITORY,
    `--user-data-dir=${workbench.profile}`,
    `--workspace=${workbench.workspace}`,
    ...extraArgs,
  ]);
  const child = app.process();
  const output: string[] = [];
  let closing: Promise<void> | undefined;
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => output.push(...chunk.toString().split('\n').filter(Boolean)));
  const page = await app.firstWindow();
  await page.locator('html[data-usable="true"]').waitFor({ timeout: 25_000 });
  return {
    app,
    page,
    output,
    close() {
      closing ??= quit(app, child);
      return closing;
    },
  };
}

/** Once in a while Playwright does not get hold of a process that has started: that says nothing about the app. */
async function launch(executablePath: string, args: string[]): Promise<ElectronApplication> {
  const options = {
    executablePath,
    args,
    env: { ...process.env, LANG: 'en_US.UTF-8' } as Record<string, string>,
    timeout: 20_000,
  };
  try {
    return await _electron.launch(options);
  } catch (error) {
    console.log(`launched again: ${String(error).split('\n', 1)[0]}`);
    return await _electron.launch({ ...options, timeout: 60_000 });
  }
}

/** As a person quits; a process that hangs is ended, and the test that left it so has failed by then. */
async function quit(app: ElectronApplication, child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.exitCode !== null || child.signalCode !== null) return;
  await app
    .evaluate(({ app: electron }) => electron.quit())
    .catch(() => {
      // It quits before it answers.
    });
  const killer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(killer);
}

export { REPOSITORY };
