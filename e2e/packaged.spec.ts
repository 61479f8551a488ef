import { existsSync, readdirSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, expect, test } from '@playwright/test';
import { findElectron } from '../scripts/electron-path.mjs';
import { StackPage } from './pages/stack-page.ts';
import { createWorkbench } from './support/workbench.ts';

const PACKAGED = fileURLToPath(new URL('../.cache/packaged/', import.meta.url));

/** Where electron-builder puts the executable on each platform. */
function findExecutable(): string | undefined {
  if (!existsSync(PACKAGED)) return undefined;
  const folders = readdirSync(PACKAGED).map((name) => path.join(PACKAGED, name));
  const inside = ['skilldeck', 'Skilldeck.exe', 'Skilldeck.app/Contents/MacOS/Skilldeck'];
  return folders
    .flatMap((folder) => inside.map((name) => path.join(folder, name)))
    .find((file) => existsSync(file));
}

test('the packaged app opens its window and brings the sandbox up', async () => {
  const executablePath = findExecutable();
  test.skip(executablePath === undefined, 'not packaged yet: `npm test` does it');
  const workbench = await createWorkbench({ engine: 'sandbox' });
  // Away from the repository, whose package.json and node_modules would stand in for what the package lacks.
  const installed = path.join(workbench.root, 'installed');
  await cp(PACKAGED, installed, { recursive: true, verbatimSymlinks: true });
  const app = await _electron.launch({
    executablePath: path.join(installed, path.relative(PACKAGED, executablePath ?? '')),
    args: [
      ...findElectron().args,
      `--user-data-dir=${workbench.profile}`,
      `--workspace=${workbench.workspace}`,
    ],
    timeout: 60_000,
  });
  try {
    const page = await app.firstWindow();
    await expect(page).toHaveTitle(/Skilldeck/);
    await expect(page.getByRole('navigation').first()).toBeVisible({ timeout: 60_000 });
    expect(await app.evaluate(({ app: electron }) => electron.isPackaged)).toBe(true);
    // The services start from the package's own files, without the repository around them.
    await new StackPage(page).expectState('running');
  } finally {
    await app.close();
    await workbench.remove();
  }
});
