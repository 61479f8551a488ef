import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { findElectron } from '../../scripts/electron-path.mjs';
import { ShellPage } from '../pages/shell-page.ts';
import { StackPage } from '../pages/stack-page.ts';
import { startFakeUpstream } from '../support/fake-upstream.ts';
import { expect, test } from '../support/fixtures.ts';
import { launchSkilldeck, REPOSITORY } from '../support/skilldeck.ts';

test.describe('the app', () => {
  test.use({ bench: { engine: 'sandbox', autoStartSandbox: false } });

  test('runs once: a second start says so and ends', async ({ skilldeck, workbench }) => {
    const runtime = findElectron();
    const second = spawn(runtime.executable, [
      ...runtime.args,
      REPOSITORY,
      `--user-data-dir=${workbench.profile}`,
    ]);
    let printed = '';
    second.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
    expect(await new Promise((resolve) => second.once('exit', resolve))).toBe(0);
    expect(printed).toContain('running already');
    expect(skilldeck.app.windows()).toHaveLength(1);
  });

  test('opens its window where it was closed', async ({ skilldeck, workbench }) => {
    const bounds = { x: 60, y: 40, width: 1100, height: 720 };
    await skilldeck.app.evaluate(({ BrowserWindow }, to) => {
      BrowserWindow.getAllWindows()[0]?.setBounds(to);
    }, bounds);
    await skilldeck.close();
    const again = await launchSkilldeck(workbench);
    const size = await again.app.evaluate(({ BrowserWindow }) => {
      const { width, height } = BrowserWindow.getAllWindows()[0]?.getBounds() ?? { width: 0, height: 0 };
      return { width, height };
    });
    await again.close();
    expect(size).toEqual({ width: 1100, height: 720 });
  });

  test('comes back from a crash of its window, and logs it', async ({ skilldeck, workbench }) => {
    await skilldeck.app.evaluate(({ dialog, BrowserWindow }) => {
      // The person presses "Load again".
      dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false });
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
    });
    const isUsable = () =>
      skilldeck.app.evaluate(({ BrowserWindow }) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        if (contents === undefined || contents.isCrashed() || contents.isLoadingMainFrame()) return 'not yet';
        const waited = new Promise((resolve) => setTimeout(resolve, 1000, 'not yet'));
        return Promise.race([contents.executeJavaScript('document.documentElement.dataset.usable'), waited]);
      });
    await expect.poll(isUsable, { timeout: 20_000 }).toBe('true');
    const log = await readFile(path.join(workbench.profile, 'logs', 'skilldeck.log'), 'utf8');
    expect(log).toContain('the window crashed');
  });

  test('is driven by the keyboard, in either language', async ({ skilldeck: { page } }) => {
    const shell = new ShellPage(page);
    await page.keyboard.press('Control+2');
    await expect(shell.rail.getByRole('button', { name: 'Skills' })).toHaveAttribute('aria-current', 'page');
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog');
    await palette.getByRole('textbox').fill('中文');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('navigation', { name: '页面' })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', /^zh/);
  });
});

test.describe('a reload of the window', () => {
  test.use({ bench: { engine: 'sandbox' } });

  test('loses neither the stack nor an answer that is being written', async ({ skilldeck: { page } }) => {
    const upstream = await startFakeUpstream();
    try {
      await new StackPage(page).expectState('running');
      const shell = new ShellPage(page);
      const chat = await shell.openChat();
      await chat.chooseUpstream(upstream.baseUrl);
      await chat.message.fill('x-fake:slow one two three four five six seven eight nine ten');
      await chat.message.press('Enter');
      await expect(chat.answers.first()).toContainText('SYSTEM');
      await page.reload();
      await page.locator('html[data-usable="true"]').waitFor();
      await shell.openChat();
      await page.getByRole('navigation', { name: 'Conversations' }).getByRole('button').nth(1).click();
      await expect(chat.answers.first()).toContainText('ten>>', { timeout: 30_000 });
    } finally {
      upstream.close();
    }
  });
});
