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
  close(): Promise<void>;
}

export async function launchSkilldeck(
  workbench: Workbench,
  extraArgs: readonly string[] = [],
): Promise<Skilldeck> {
  const runtime = findElectron();
  const app = await _electron.launch({
    executablePath: runtime.executable,
    args: [
      ...runtime.args,
      REPOSITORY,
      `--user-data-dir=${workbench.profile}`,
      `--workspace=${workbench.workspace}`,
      ...extraArgs,
    ],
    env: { ...process.env, LANG: 'en_US.UTF-8' } as Record<string, string>,
    timeout: 60_000,
  });
  const output: string[] = [];
  for (const stream of [app.process().stdout, app.process().stderr])
    stream?.on('data', (chunk: Buffer) => output.push(...chunk.toString().split('\n').filter(Boolean)));
  const page = await app.firstWindow();
  await page.locator('html[data-usable="true"]').waitFor({ timeout: 25_000 });
  return {
    app,
    page,
    output,
    async close() {
      const child = app.process();
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      await app
        .evaluate(({ app: electron }) => electron.quit())
        .catch(() => {
          // It quits before it answers.
        });
      const killer = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await ended;
      clearTimeout(killer);
    },
  };
}

export { REPOSITORY };
