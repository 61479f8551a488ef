import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import { freePorts } from '../support/free-ports.ts';
import { resizeWindow } from '../support/resize-window.ts';
import { ScreenCheck } from '../support/screen-check.ts';

const WORDS = {
  en: {
    start: 'Start',
    stop: 'Stop',
    stopped: 'The stack is stopped',
    model: /^Model:/,
    compare: 'Compare',
    stay: 'Stay',
    reopen: 'Open again',
    realModel: 'Use a real model',
  },
  zh: {
    start: '启动',
    stop: '停止',
    stopped: /已停止/,
    model: /^模型/,
    compare: '对比',
    stay: '继续编辑',
    reopen: '重新打开',
    realModel: '使用真正的模型',
  },
} as const;

for (const language of ['en', 'zh'] as const)
  for (const theme of ['dark', 'light'] as const)
    test.describe(`${language}, ${theme}`, () => {
      test.use({ bench: { engine: 'sandbox', language, theme, autoStartSandbox: true } });

      test('every page can be read by everyone', async ({ skilldeck }) => {
        await resizeWindow(skilldeck, 1280, 800);
        const { page } = skilldeck;
        const screen = new ScreenCheck(page, `${language}-${theme}`);
        const words = WORDS[language];

        await expect(page.getByRole('contentinfo')).toContainText('2 / 2');
        await expect(page.getByText(/% CPU/).first()).toBeVisible();
        await screen.check('stack');
        await page
          .getByRole('button', { name: /^ai-gateway|ai-gateway/ })
          .first()
          .click();
        await expect(page.getByRole('complementary')).toBeVisible();
        await screen.check('inspector');
        await page.keyboard.press('Escape');

        await visit(page, 2);
        await expect(page.locator('.monaco-editor .view-line').first()).toBeVisible();
        await screen.check('skills');

        await visit(page, 3);
        await expect(page.getByRole('textbox')).toBeVisible();
        await screen.check('chat-empty');
        await page.getByRole('textbox').fill('What changed in 2.4?');
        await page.keyboard.press('Enter');
        await expect(page.getByText(/tok\/s|token\/秒/).first()).toBeVisible({ timeout: 30_000 });
        await screen.check('chat-answered');
        await page.getByRole('button', { name: words.model }).click();
        await expect(page.getByRole('dialog')).toBeVisible();
        await screen.check('model-dialog');
        await page.keyboard.press('Escape');

        await visit(page, 4);
        await expect(page.locator('.xterm-rows')).toContainText('ai-gateway');
        await screen.check('logs');

        await visit(page, 5);
        await expect(page.getByRole('main').getByRole('button', { name: /ai-gateway/ })).toBeVisible();
        await screen.check('terminal-empty');
        await page
          .getByRole('main')
          .getByRole('button', { name: /ai-gateway/ })
          .click();
        await expect(page.locator('.xterm-rows')).toContainText(/[$#%>]/);
        await screen.check('terminal');

        await visit(page, 7);
        await expect(page.getByText('Electron', { exact: true })).toBeAttached();
        await screen.check('settings');
        await page.getByText('Electron', { exact: true }).scrollIntoViewIfNeeded();
        await screen.picture('settings-end');

        await page.keyboard.press('ControlOrMeta+K');
        await expect(page.getByRole('dialog')).toBeVisible();
        await screen.check('palette');
        await page.keyboard.press('Escape');

        await visit(page, 1);
        await page.getByRole('button', { name: words.stop, exact: true }).click();
        await expect(page.getByRole('heading', { name: words.stopped })).toBeVisible();
        await screen.check('stopped');
        await page.getByRole('button', { name: words.start, exact: true }).first().click();
        await expect(page.getByRole('dialog').getByRole('listitem').first()).toBeVisible();
        await screen.check('plan');
      });
    });

// One look is enough here: the parts are the same as above.
for (const [language, theme] of [['zh', 'dark']] as const)
  test.describe(`${language}, ${theme}`, () => {
    test.use({ bench: { engine: 'sandbox', language, theme, autoStartSandbox: true } });

    test('what rarely happens can be read by everyone too', async ({ skilldeck, workbench }) => {
      await resizeWindow(skilldeck, 1280, 800);
      const { app, page } = skilldeck;
      const screen = new ScreenCheck(page, `${language}-${theme}-rare`);
      const words = WORDS[language];
      await expect(page.getByRole('contentinfo')).toContainText('2 / 2');

      await visit(page, 2);
      await page.locator('.monaco-editor .view-line').first().click();
      await page.keyboard.press('ControlOrMeta+End');
      await page.keyboard.type('Mine.');
      const file = path.join(workbench.workspace, 'data/skills/meeting-minutes/SKILL.md');
      await appendFile(file, '\nTheirs.\n');
      await expect(page.getByRole('button', { name: words.compare })).toBeVisible();
      await screen.check('conflict');
      await page.getByRole('button', { name: words.compare }).click();
      await expect(page.getByRole('dialog').locator('.monaco-diff-editor .view-line').first()).toBeVisible();
      await screen.check('compare');
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toBeHidden();

      await app.evaluate(({ app: electron }) => electron.quit());
      await expect(page.getByRole('dialog')).toBeVisible();
      await screen.check('quit');
      await page.getByRole('button', { name: words.stay }).click();
      await expect(page.getByRole('dialog')).toBeHidden();

      await visit(page, 5);
      await page
        .getByRole('main')
        .getByRole('button', { name: /file-manager/ })
        .click();
      await expect(page.locator('.xterm-rows')).toContainText(/[$#%>]/);
      await page.keyboard.type('exit 3\n');
      await expect(page.getByRole('button', { name: words.reopen })).toBeVisible();
      await screen.check('exited-shell');

      await visit(page, 3);
      const [closed = 0] = await freePorts(1);
      await page.getByRole('button', { name: words.realModel }).click();
      await page
        .getByRole('dialog')
        .getByPlaceholder('http://127.0.0.1:8000/v1')
        .fill(`http://127.0.0.1:${closed}/v1`);
      await page.keyboard.press('Enter');
      await expect(page.getByRole('dialog')).toBeHidden();
      await page.getByRole('textbox').fill('Hello?');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('article').getByRole('button').first()).toBeVisible({ timeout: 30_000 });
      await screen.check('failed-answer');

      await visit(page, 1);
      await writeFile(
        path.join(workbench.workspace, 'compose.override.yaml'),
        'services:\n  ai-gateway: [\n',
      );
      await expect(page.getByText(/compose\.override\.yaml/).first()).toBeVisible();
      await screen.check('broken-project');

      await page.evaluate(() => window.postMessage('skilldeck:ready', '*'));
      await expect(page.locator('main[role="alert"]')).toBeVisible();
      await screen.check('connection-lost');
    });
  });

function visit(page: Page, position: number): Promise<void> {
  return page.keyboard.press(`ControlOrMeta+${position}`);
}
