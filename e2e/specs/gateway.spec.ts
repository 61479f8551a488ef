import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { type FakeUpstream, startFakeUpstream } from '../support/fake-upstream.ts';
import { expect, test } from '../support/fixtures.ts';
import { resizeWindow } from '../support/resize-window.ts';
import { ScreenCheck } from '../support/screen-check.ts';
import type { Workbench } from '../support/workbench.ts';

const WORDS = {
  en: {
    title: 'Gateway',
    underWay: 'Under way',
    requests: 'Last requests',
    end: /^End request/,
    cache: 'Cache of answers',
    empty: 'Empty',
    minute: '1 min',
    left: 'cancelled_by_admin',
    settings: 'All settings in use',
    inUse: 'Settings in use',
    all: 'Show all',
    find: 'Find a setting or a value',
    close: 'Close',
    second: 'waits, place 2',
    bar: 'queue 2 · in flight 3 / 50',
    generation: /gateway generation (\d+)/,
    noTime: 'Time to answer: nothing in this time',
    charts: [
      [/^Requests, highest: all [1-9]/, '--accent'],
      [/^Time to answer, highest: p50 \d*[1-9].*, p99 \d*[1-9]/, '--warn-dot'],
      [/^Tokens, highest: out [1-9].*, in [1-9]/, '--phase-health'],
      [/^Slots, highest: in flight 3, waiting [1-9]$/, '--accent'],
    ],
  },
  zh: {
    title: '网关',
    underWay: '进行中',
    requests: '最近的请求',
    end: /^结束请求/,
    cache: '回答缓存',
    empty: '清空',
    minute: '1 分钟',
    left: 'cancelled_by_admin',
    settings: '当前全部设置',
    inUse: '当前设置',
    all: '全部',
    find: '查找设置或值',
    close: '关闭',
    second: '等待，第 2 位',
    bar: '排队 2 · 处理中 3 / 50',
    generation: /网关代次 (\d+)/,
    noTime: '回答用时：这段时间内没有数据',
    charts: [
      [/^请求，最高值：全部 [1-9]/, '--accent'],
      [/^回答用时，最高值：p50 \d*[1-9].*，p99 \d*[1-9]/, '--warn-dot'],
      [/^Token，最高值：输出 [1-9].*，输入 [1-9]/, '--phase-health'],
      [/^并发，最高值：处理中 3，等待 [1-9]$/, '--accent'],
    ],
  },
} as const;

const LOOKS = [
  { language: 'en', theme: 'light', size: [1280, 800] },
  { language: 'en', theme: 'dark', size: [1920, 1080] },
  { language: 'zh', theme: 'dark', size: [1280, 800] },
  { language: 'zh', theme: 'light', size: [1920, 1080] },
] as const;

let upstream: FakeUpstream;

test.beforeAll(async () => {
  upstream = await startFakeUpstream();
});
test.afterAll(() => upstream.close());

for (const { language, size, theme } of LOOKS)
  test.describe(`${language}, ${theme}, ${size.join(' × ')}`, () => {
    test.use({ bench: { engine: 'sandbox', language, theme, autoStartSandbox: true } });

    test('the gateway page shows what goes on, and ends a request', async ({ launch, workbench }) => {
      await configure(workbench);
      const skilldeck = await launch();
      const { page } = skilldeck;
      await resizeWindow(skilldeck, size[0], size[1]);
      const words = WORDS[language];
      const screen = new ScreenCheck(page, `gateway-${language}-${theme}`);
      await expect(page.getByRole('contentinfo')).toContainText('2 / 2');
      const ask = await caller(workbench);

      await page.getByRole('navigation').getByRole('button', { name: words.title }).click();
      await expect(page.getByRole('heading', { level: 1, name: words.title })).toBeVisible();
      await expect(page.getByRole('img', { name: words.noTime })).toBeVisible();
      await screen.check('quiet');

      const before = await generationOf(page, words.generation);
      await saveSkill(workbench);
      await expect.poll(() => generationOf(page, words.generation)).toBe(before + 1);

      for (let round = 0; round < 6; round += 1) {
        const each = [0, 1, 2, 3].map((index) => ask(`Question ${round} ${index}`));
        await Promise.all([...each, ask('The same', { temperature: 0 }), ask('x-fake:error500')]);
        await page.waitForTimeout(400);
      }
      const gone = [0, 1, 2, 3, 4].map((index) => ask(`x-fake:stall ${index}`));
      const queue = page.getByRole('region', { name: words.underWay });
      await expect(queue.getByRole('row')).toHaveCount(6);
      await expect(queue.getByRole('row').last()).toContainText(words.second);
      await expect(page.getByRole('contentinfo')).toContainText(words.bar);
      await page.getByText(words.minute, { exact: true }).click();
      for (const [name, colour] of words.charts) {
        const chart = page.getByRole('img', { name });
        await expect(chart).toBeVisible();
        await expect.poll(() => drawnPixels(chart, colour)).toBeGreaterThan(10);
      }
      await screen.check('busy');

      await queue.getByRole('button', { name: words.end }).first().click();
      await expect(queue.getByRole('row')).toHaveCount(5);
      const requests = page.getByRole('region', { name: words.requests });
      await expect(requests).toContainText(words.left);
      await requests.scrollIntoViewIfNeeded();
      await screen.check('requests');

      await page.getByRole('region', { name: words.inUse }).getByRole('button', { name: words.all }).click();
      const settings = page.getByRole('dialog', { name: words.settings });
      await expect(settings.getByRole('row').nth(20)).toBeVisible();
      await screen.check('settings');
      await settings.getByRole('textbox', { name: words.find }).fill('backends baseUrl');
      await expect(settings.getByRole('row')).toHaveCount(4);
      await expect(settings.getByRole('row').nth(1)).toContainText('config.json');
      await settings.getByRole('button', { name: words.close }).click();

      const cache = page.getByRole('region', { name: words.cache });
      await cache.getByRole('button', { name: words.empty }).click();
      await expect(cache.getByRole('button', { name: words.empty })).toBeDisabled();

      for (let left = 4; left > 0; left -= 1) {
        await queue.getByRole('button', { name: words.end }).first().click();
        if (left > 1) await expect(queue.getByRole('row')).toHaveCount(left);
      }
      await expect(queue.getByRole('row')).toHaveCount(0);
      expect((await Promise.all(gone)).every((status) => status >= 400)).toBe(true);
    });
  });

async function configure(workbench: Workbench): Promise<void> {
  const folder = path.join(workbench.workspace, 'data', 'config');
  await mkdir(folder, { recursive: true });
  const backend = { kind: 'openai', baseUrl: upstream.baseUrl, model: 'fake' };
  await writeFile(
    path.join(folder, 'config.json'),
    JSON.stringify({
      backends: [
        { name: 'upstream', ...backend, maxConcurrent: 3 },
        { name: 'spare', ...backend },
        { name: 'away', ...backend, baseUrl: 'http://127.0.0.1:9/v1' },
      ],
    }),
  );
}

async function generationOf(page: Page, pattern: RegExp): Promise<number> {
  const bar = page.getByRole('contentinfo');
  await expect(bar).toContainText(pattern);
  return Number(pattern.exec((await bar.textContent()) ?? '')?.[1]);
}

/** As any editor would. */
async function saveSkill(workbench: Workbench): Promise<void> {
  const folder = path.join(workbench.workspace, 'data', 'skills', 'greeter');
  await mkdir(folder, { recursive: true });
  await writeFile(
    path.join(folder, 'SKILL.md'),
    '---\nname: greeter\ndescription: Greets in Latin when somebody asks for a salutation.\n---\nSay salve.\n',
  );
}

/** How many pixels of a chart have the colour of this line. */
function drawnPixels(chart: Locator, variable: string): Promise<number> {
  return chart.evaluate((element, name) => {
    const canvas = element.querySelector('canvas');
    const drawing = canvas?.getContext('2d');
    const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    if (!canvas || !drawing || !paint) return 0;
    paint.fillStyle = getComputedStyle(element).getPropertyValue(name).trim();
    paint.fillRect(0, 0, 1, 1);
    const line = paint.getImageData(0, 0, 1, 1).data;
    const { data } = drawing.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4) {
      const far = [0, 1, 2].some((part) => Math.abs((data[at + part] ?? 0) - (line[part] ?? 0)) > 40);
      if (!far && (data[at + 3] ?? 0) > 100) count += 1;
    }
    return count;
  }, variable);
}

/** Asks the gateway itself, as a script on this computer would; the status of the answer. */
async function caller(workbench: Workbench) {
  const key = await workbench.env('GATEWAY_API_KEY');
  return async (content: string, fields: object = {}): Promise<number> => {
    const response = await fetch(`http://127.0.0.1:${workbench.ports.gateway}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ model: 'upstream', messages: [{ role: 'user', content }], ...fields }),
    });
    await response.text();
    return response.status;
  };
}
