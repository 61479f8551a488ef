// npm run screenshots: makes the pictures of the README from the real app with a running sandbox, and one of a project on
// Docker where there is one. Build first.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { findElectron } from './electron-path.mjs';
import { createPictureProject } from './picture-project.mjs';
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
    await step('picture of the gateway', () => withApp('light', display, takeGateway));
    if (await hasDocker())
      await step('picture of a plan', () => withApp('dark', display, takePlan, 'docker'));
    else console.log('The picture of a plan is left as it is: there is no Docker engine.');
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

/** @param {Window & { home: string }} window */
async function takeGateway({ page, home }) {
  const text = await readFile(path.join(home, 'Skilldeck', '.env'), 'utf8');
  const settingOf = (/** @type {string} */ name) =>
    new RegExp(`^${name}=["']?([^"'\\n]*)`, 'm').exec(text)?.[1];
  const url = `http://127.0.0.1:${settingOf('GATEWAY_PORT')}/v1/chat/completions`;
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${settingOf('GATEWAY_API_KEY')}`,
  };
  /** @param {number} index */
  const ask = async (index) => {
    const content = index % 3 === 0 ? QUESTION : `Question ${index}: how are logs searched?`;
    const sampling = index % 3 === 0 ? { temperature: 0 } : {};
    const body = { messages: [{ role: 'user', content }], max_tokens: 40 + (index % 5) * 20, ...sampling };
    await (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).text();
  };
  // Nobody wants a picture of a model that is still being loaded.
  const ready = url.replace('/v1/chat/completions', '/readyz');
  while (!(await fetch(ready)).ok) await page.waitForTimeout(200);
  await page.keyboard.press('ControlOrMeta+6');
  await page.getByText('1 min', { exact: true }).click();
  const until = Date.now() + 40_000;
  let index = 0;
  const callers = Array.from({ length: 6 }, async (_, caller) => {
    while (Date.now() < until) {
      index += 1;
      await ask(index);
      await page.waitForTimeout(300 + caller * 150);
    }
  });
  await page.waitForTimeout(36_000);
  await page.mouse.move(0, 0);
  await take(page, 'gateway-light');
  await Promise.all(callers);
}

/** @param {Window & { home: string }} window */
async function takePlan({ app, page, home }) {
  const project = await createPictureProject(home);
  try {
    await app.evaluate(({ dialog }, folder) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [folder] });
    }, project.folder);
    const title = page.getByRole('heading', { level: 1 }).getByRole('button');
    await title.click();
    await page.getByRole('menuitem', { name: 'Open compose project …' }).click();
    await page
      .getByRole('button', { name: /^Start$/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Start now' }).click();
    await page.getByRole('contentinfo').getByText('5 / 5').waitFor({ timeout: 60_000 });
    await project.write(true);
    await page.getByRole('button', { name: /^Review plan/ }).click();
    await page.getByRole('dialog').locator('ins').first().waitFor();
    await page.mouse.move(0, 0);
    await take(page, 'plan-dark');
  } finally {
    await project.remove();
  }
}

function hasDocker() {
  return promisify(execFile)('docker', ['version', '--format', '{{.Server.Version}}']).then(
    () => true,
    () => false,
  );
}

/**
 * A home of its own, so that no picture shows anybody's files.
 *
 * @param {'dark' | 'light'} theme
 * @param {{ DISPLAY?: string }} display
 * @param {(window: Window & { home: string }) => Promise<void>} work
 * @param {'sandbox' | 'docker'} [engine]
 */
async function withApp(theme, display, work, engine = 'sandbox') {
  const { _electron } = await import('@playwright/test');
  const home = await mkdtemp(path.join(tmpdir(), 'skilldeck-pictures-'));
  const profile = path.join(home, 'profile');
  await mkdir(profile);
  await writeFile(
    path.join(profile, 'settings.json'),
    JSON.stringify({ language: 'en', theme, engine, autoStartSandbox: true }),
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
    const resize = () =>
      app.evaluate(
        ({ BrowserWindow }, [width, height]) =>
          BrowserWindow.getAllWindows()[0]?.setContentSize(width, height),
        SIZE,
      );
    // The inspector of a starting Electron loses an answer now and then; asking again changes nothing.
    await resize().catch(resize);
    // The bundled stack on Docker has the proxy, too, and waits for a person to start it.
    const upText = engine === 'sandbox' ? '2 / 2' : '0 / 3';
    await page.getByRole('contentinfo').getByText(upText).waitFor({ timeout: 60_000 });
    await work({ app, page, home });
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
