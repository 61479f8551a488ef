// npm run screenshots: makes the pictures of the README from the real app with a running sandbox. Build first.
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findElectron } from './electron-path.mjs';
import { ROOT } from './setup/paths.mjs';
import { runMain, step } from './setup/step-runner.mjs';
import { withDisplay } from './setup/virtual-display.mjs';

const SIZE = /** @type {const} */ ([1280, 800]);
const MAX_BYTES = 300_000;
const PICTURES = path.join(ROOT, 'assets/screenshots');
const QUESTION =
  'Turn these commits into release notes: search all logs, safer updates, fixed a crash on a full disk';

/** @typedef {{ app: import('@playwright/test').ElectronApplication, page: import('@playwright/test').Page }} Window */

await runMain(async () => {
  await mkdir(PICTURES, { recursive: true });
  await withDisplay(async (display) => {
    await step('pictures, dark', () => withApp('dark', display, takeDark));
    await step('pictures, light', () => withApp('light', display, takeLight));
  });
});

/** @param {Window} window */
async function takeDark({ page }) {
  // A few samples make a line.
  await page.waitForTimeout(14_000);
  await page
    .getByRole('button', { name: /^healthy ai-gateway|ai-gateway/ })
    .first()
    .click();
  await page.mouse.move(0, 0);
  await take(page, 'stack-dark');
  await page.keyboard.press('ControlOrMeta+3');
  await page.getByRole('textbox').fill(QUESTION);
  await page.keyboard.press('Enter');
  await page
    .getByText(/tok\/s/)
    .first()
    .waitFor({ timeout: 60_000 });
  await page.mouse.move(0, 0);
  await take(page, 'chat-dark');
}

/** @param {Window} window */
async function takeLight({ page }) {
  await page.keyboard.press('ControlOrMeta+2');
  await page
    .getByRole('navigation', { name: 'Skills' })
    .getByRole('button', { name: /^release-notes/ })
    .click();
  const editor = page.getByRole('textbox', { name: 'SKILL.md of release-notes' });
  await editor.waitFor();
  await editor.focus();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type('\nName nobody who is not named in the list.');
  await page.keyboard.press('ControlOrMeta+S');
  await page.getByText(/ms after save/).waitFor();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.mouse.move(0, 0);
  await take(page, 'skills-light');
}

/**
 * A home of its own, so that no picture shows anybody's files.
 *
 * @param {'dark' | 'light'} theme
 * @param {{ DISPLAY?: string }} display
 * @param {(window: Window) => Promise<void>} work
 */
async function withApp(theme, display, work) {
  const { _electron } = await import('@playwright/test');
  const home = await mkdtemp(path.join(tmpdir(), 'skilldeck-pictures-'));
  const profile = path.join(home, 'profile');
  await mkdir(profile);
  await writeFile(
    path.join(profile, 'settings.json'),
    JSON.stringify({ language: 'en', theme, engine: 'sandbox', autoStartSandbox: true }),
  );
  const runtime = findElectron();
  const workspace = path.join(home, 'Skilldeck');
  const app = await _electron.launch({
    executablePath: runtime.executable,
    args: [...runtime.args, ROOT, `--user-data-dir=${profile}`, `--workspace=${workspace}`],
    env: /** @type {Record<string, string>} */ ({
      ...process.env,
      ...display,
      HOME: home,
      LANG: 'en_US.UTF-8',
    }),
  });
  try {
    const page = await app.firstWindow();
    await app.evaluate(
      ({ BrowserWindow }, [width, height]) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, height),
      SIZE,
    );
    await page.getByRole('contentinfo').getByText('2 / 2').waitFor({ timeout: 60_000 });
    await work({ app, page });
  } finally {
    await app.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/**
 * @param {import('@playwright/test').Page} page
 * @param {string} name
 */
async function take(page, name) {
  const file = path.join(PICTURES, `${name}.png`);
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 700)));
  await page.screenshot({ path: file });
  const { size } = await stat(file);
  if (size > MAX_BYTES) throw new Error(`${name}.png has ${size} bytes; at most ${MAX_BYTES} are wanted.`);
  const width = (await readFile(file)).readUInt32BE(16);
  if (width !== SIZE[0]) throw new Error(`${name}.png is ${width} pixels wide, not ${SIZE[0]}.`);
}
