import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, expect, test } from '@playwright/test';
import { findElectron } from '../scripts/electron-path.mjs';

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

test('the packaged app opens its window', async () => {
  const executablePath = findExecutable();
  test.skip(executablePath === undefined, 'not packaged yet: `npm test` does it');
  const folder = await mkdtemp(path.join(tmpdir(), 'skilldeck-packaged-'));
  const app = await _electron.launch({
    executablePath: executablePath ?? '',
    args: [
      ...findElectron().args,
      `--user-data-dir=${path.join(folder, 'profile')}`,
      `--workspace=${path.join(folder, 'workspace')}`,
    ],
    timeout: 60_000,
  });
  try {
    const page = await app.firstWindow();
    await expect(page).toHaveTitle(/Skilldeck/);
    await expect(page.getByRole('navigation').first()).toBeVisible({ timeout: 60_000 });
    expect(await app.evaluate(({ app: electron }) => electron.isPackaged)).toBe(true);
  } finally {
    await app.close();
    await rm(folder, { recursive: true, force: true });
  }
});
