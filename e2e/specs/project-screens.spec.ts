import type { Locator, Page } from '@playwright/test';
import { ProjectSwitcher } from '../pages/project-switcher.ts';
import { removeDockerTraces } from '../support/docker-leftovers.ts';
import { expect, test } from '../support/fixtures.ts';
import { resizeWindow } from '../support/resize-window.ts';
import { ScreenCheck } from '../support/screen-check.ts';
import { createShopProject } from '../support/shop-project.ts';
import type { Skilldeck } from '../support/skilldeck.ts';

const WORDS = {
  en: {
    open: 'Open compose project …',
    start: 'Start',
    startNow: 'Start now',
    review: /^Review plan/,
    more: (name: string) => `More for ${name}`,
    down: 'Take down …',
    config: 'Show configuration',
    form: 'Edit settings …',
    table: 'Table',
    map: 'Map',
    history: 'History',
    engine: /^Engine:/,
    volumes: /^Also destroy volumes/,
    unsupported: 'The files ask for what Skilldeck cannot do',
    unset: '2 variables are not set',
    dismiss: 'Put this notice away',
    differs: 'differs',
    orphan: 'orphan',
    takenBack: 'taken back',
    runs: 'Run',
  },
  zh: {
    open: '打开 Compose 项目…',
    start: '启动',
    startNow: '立即启动',
    review: /^查看计划/,
    more: (name: string) => `${name} 的更多操作`,
    down: '拆除…',
    config: '查看完整配置',
    form: '编辑设置…',
    table: '表格',
    map: '拓扑',
    history: '历史',
    engine: /^引擎：/,
    volumes: /^同时销毁存储卷/,
    unsupported: '文件中有 Skilldeck 无法实现的配置',
    unset: '有 2 个变量未设置',
    dismiss: '收起此提示',
    differs: '有差异',
    orphan: '孤立',
    takenBack: '已恢复原状',
    runs: '运行记录',
  },
} as const;

const NARROW = [1280, 800] as const;
const WIDE = [1920, 1080] as const;

for (const [language, theme] of [
  ['en', 'light'],
  ['zh', 'dark'],
] as const)
  test.describe(`${language}, ${theme}`, () => {
    test.use({ bench: { engine: 'docker', language, theme } });

    test('every part of any project can be read by everyone @docker', async ({ skilldeck, workbench }) => {
      test.setTimeout(480_000);
      const { app, page } = skilldeck;
      const words = WORDS[language];
      const look = lookAt(skilldeck, language, theme);
      const shop = await createShopProject(workbench.root);
      const dialog = page.getByRole('dialog');
      const run = page.getByRole('region', { name: words.runs, exact: true });
      const inspector = page.getByRole('complementary');
      const closed = async () => {
        // Whoever uses the keyboard is in the dialog while it is open, and where they were afterwards.
        await expect(dialog.locator(':focus')).toHaveCount(1);
        await page.keyboard.press('Shift+Tab');
        await expect(dialog.locator(':focus')).toHaveCount(1);
        await page.keyboard.press('Escape');
        await expect(dialog).toBeHidden();
        await expect(page.locator('body button:focus')).toHaveCount(1);
      };
      await shop.write();
      try {
        await resizeWindow(skilldeck, ...NARROW);
        await app.evaluate(({ dialog: system }, chosen) => {
          system.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
        }, shop.folder);
        const switcher = new ProjectSwitcher(page);

        await test.step('opened, and stopped', async () => {
          await switcher.title.click();
          await page.getByRole('menuitem', { name: words.open }).click();
          await switcher.expectShown(shop.name);
          await expect(page.getByText(words.unset)).toBeVisible();
          await look('stopped');
          await switcher.title.click();
          await expect(page.getByRole('menu')).toBeVisible();
          await look('switcher');
          await page.keyboard.press('Escape');
          await page.getByRole('button', { name: words.engine }).click();
          await expect(page.getByRole('menuitemradio').first()).toBeVisible();
          await look('engine-menu');
          await page.keyboard.press('Escape');
        });

        await test.step('what the files should not say', async () => {
          await shop.write({ isUnsupported: true });
          await expect(page.getByText(words.unsupported)).toBeVisible();
          await look('unsupported');
          await shop.write({ isMistaken: true });
          await expect(page.getByRole('alert')).toContainText('services.web.image');
          await look('mistake');
          await shop.write();
          await expect(page.getByRole('alert')).toBeHidden();
        });

        await test.step('the first start', async () => {
          await page.getByRole('button', { name: words.start, exact: true }).first().click();
          await expect(dialog.getByRole('heading', { name: 'web', exact: true }).first()).toBeVisible();
          await expect(dialog.getByText(words.unset)).toBeVisible();
          await look('plan');
          await dialog.getByRole('button', { name: words.startNow }).click();
          await expect(dialog).toBeHidden();
          await expect(page.getByText('migrate').last()).toBeVisible();
          await look('starting');
          await page.getByRole('button', { name: words.dismiss }).click();
          await expect(page.getByText(words.unset)).toBeHidden();
          await expect(page.getByRole('contentinfo')).toContainText('12 / 12', { timeout: 120_000 });
          await look('running');
        });

        await test.step('what runs is not what the files say, and some of it is broken', async () => {
          await shop.docker('exec', shop.container('api'), 'rm', '/tmp/ready');
          await shop.docker('exec', shop.container('mailer'), 'rm', '/tmp/account');
          await shop.write({ isChanged: true });
          await page.getByText(words.table, { exact: true }).click();
          await expect(row(page, 'web')).toContainText(words.differs);
          await expect(row(page, 'metrics')).toContainText(words.orphan);
          await expect(row(page, 'api')).toContainText(language === 'en' ? 'unhealthy' : '不健康');
          await expect(row(page, 'mailer')).toContainText(language === 'en' ? 'failed' : '失败');
          await look('table');
          for (const service of ['web', 'api', 'mailer', 'metrics', 'db', 'worker']) {
            await row(page, service).getByRole('button', { name: service }).click();
            await expect(inspector.getByRole('heading', { name: service, exact: true })).toBeVisible();
            await look(`inspector-${service}`);
          }
          await row(page, 'web').getByRole('button', { name: 'web' }).click();
          await openMenu(page, words.more('web'));
          await look('service-menu');
          await page.getByRole('menuitem', { name: words.form }).click();
          await expect(dialog.getByRole('textbox').first()).toBeVisible();
          await look('form');
          await closed();
          // The key was for the dialog alone.
          await expect(inspector).toBeVisible();
          await openMenu(page, words.more(shop.name));
          await look('project-menu');
          await page.getByRole('menuitem', { name: words.config }).click();
          await expect(dialog.locator('pre')).toContainText('nginx:1.28');
          await expect(dialog.locator('pre')).not.toContainText('nine-red-lanterns');
          await look('config');
          await closed();
        });

        await test.step('a change is looked over', async () => {
          await page.getByRole('button', { name: words.review }).first().click();
          await expect(dialog.locator('ins').first()).toBeVisible();
          await expect(dialog).not.toContainText('nine-red-lanterns');
          await look('plan-change');
          await closed();
        });

        await test.step('an update fails and is taken back', async () => {
          await page.getByText(words.map, { exact: true }).click();
          await shop.write({ isBroken: true });
          await expect(page.getByRole('button', { name: /^metrics / })).not.toContainText(words.orphan);
          await page.getByRole('button', { name: words.review }).first().click();
          await dialog.getByRole('button', { name: words.startNow }).click();
          await expect(run.getByText(new RegExp(`· ${words.takenBack}`)).first()).toBeVisible({
            timeout: 120_000,
          });
          await expect(run).toContainText('5673 does not answer');
          await look('failed');
          await page.getByText(words.history, { exact: true }).click();
          await expect(run.getByRole('row').nth(2)).toBeVisible();
          await look('history');
        });

        await test.step('it is taken down', async () => {
          await openMenu(page, words.more(shop.name));
          await page.getByRole('menuitem', { name: words.down }).click();
          await dialog.getByRole('checkbox', { name: words.volumes }).check();
          await expect(dialog.getByText(`${shop.name}_data`)).toBeVisible();
          await look('down');
          await closed();
        });
      } finally {
        await removeDockerTraces(shop.name);
      }
    });
  });

const row = (page: Page, service: string): Locator =>
  page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: new RegExp(`^${service}\\b`) }) });

async function openMenu(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
  await expect(page.getByRole('menu')).toBeVisible();
}

/** Small in the look that was chosen, large in the other: all looks and sizes, without starting all of it again. */
function lookAt(skilldeck: Skilldeck, language: string, theme: 'light' | 'dark') {
  const { page } = skilldeck;
  const other = theme === 'light' ? 'dark' : 'light';
  const small = new ScreenCheck(page, `${language}-${theme}-project`);
  const large = new ScreenCheck(page, `${language}-${other}-wide-project`);
  const paint = (look: string) =>
    page.evaluate((value) => document.documentElement.setAttribute('data-mantine-color-scheme', value), look);
  return async (name: string) => {
    await small.check(name);
    await resizeWindow(skilldeck, ...WIDE);
    await paint(other);
    await large.check(name);
    await paint(theme);
    await resizeWindow(skilldeck, ...NARROW);
  };
}
