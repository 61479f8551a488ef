import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '../support/fixtures.ts';
import { ScreenCheck } from '../support/screen-check.ts';
import type { Workbench } from '../support/workbench.ts';

const MODEL = fileURLToPath(new URL('../../stack/models/skilldeck-demo.gguf', import.meta.url));

const WORDS = {
  en: {
    title: 'Gateway',
    backends: 'Backends',
    ready: 'ready',
    asleep: 'asleep',
    failed: 'cannot be loaded',
    load: /^Load the model/,
    unload: /^Unload the model/,
  },
  zh: {
    title: '网关',
    backends: '后端',
    ready: '就绪',
    asleep: '休眠',
    failed: '无法加载',
    load: /^加载/,
    unload: /^卸载/,
  },
} as const;

for (const { language, theme } of [
  { language: 'en', theme: 'light' },
  { language: 'zh', theme: 'dark' },
] as const)
  test.describe(`${language}, ${theme}`, () => {
    test.use({ bench: { engine: 'sandbox', language, theme, autoStartSandbox: true } });

    test('a model is unloaded and loaded again from the gateway page', async ({ launch, workbench }) => {
      await configure(workbench);
      const { page } = await launch();
      const words = WORDS[language];
      const screen = new ScreenCheck(page, `gateway-models-${language}-${theme}`);
      await expect(page.getByRole('contentinfo')).toContainText('2 / 2');
      await page.getByRole('navigation').getByRole('button', { name: words.title }).click();

      const table = page.getByRole('region', { name: words.backends });
      const row = table.getByRole('row').filter({ hasText: 'first' });
      await expect(row).toContainText(words.ready, { timeout: 20_000 });
      await row.getByRole('button', { name: words.unload }).click();
      await expect(row).toContainText(words.asleep);
      await expect(table.getByRole('row').filter({ hasText: 'second' })).toContainText(words.ready);
      await expect(table.getByRole('row').filter({ hasText: 'absent' })).toContainText(words.failed);
      await screen.check('asleep');
      await row.getByRole('button', { name: words.load }).click();
      await expect(row).toContainText(words.ready, { timeout: 20_000 });
    });
  });

async function configure(workbench: Workbench): Promise<void> {
  const folder = path.join(workbench.workspace, 'data', 'config');
  await mkdir(folder, { recursive: true });
  const model = { kind: 'llama-cpp', contextSize: 512 };
  const backends = [
    { ...model, name: 'first', modelPath: MODEL, idleUnloadSeconds: 900 },
    { ...model, name: 'second', modelPath: MODEL },
    { ...model, name: 'absent', modelPath: 'models/absent.gguf' },
  ];
  await writeFile(path.join(folder, 'config.json'), JSON.stringify({ backends }));
}
