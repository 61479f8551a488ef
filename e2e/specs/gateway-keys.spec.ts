import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GatewayPage } from '../pages/gateway-page.ts';
import { type FakeUpstream, startFakeUpstream } from '../support/fake-upstream.ts';
import { expect, test } from '../support/fixtures.ts';
import { resizeWindow } from '../support/resize-window.ts';
import { ScreenCheck } from '../support/screen-check.ts';
import type { Workbench } from '../support/workbench.ts';
import { en, zh } from './gateway-keys-words.ts';

const LOOKS = [
  { language: 'en', theme: 'light', size: [1280, 800], words: en },
  { language: 'zh', theme: 'dark', size: [1440, 900], words: zh },
] as const;

let upstream: FakeUpstream;

test.beforeAll(async () => {
  upstream = await startFakeUpstream();
});
test.afterAll(() => upstream.close());

for (const { language, size, theme, words } of LOOKS)
  test.describe(`${language}, ${theme}`, () => {
    test.use({ bench: { engine: 'sandbox', language, theme, autoStartSandbox: true } });

    test('keys are made, used, switched off, changed and removed', async ({ launch, workbench }) => {
      await configure(workbench);
      const skilldeck = await launch();
      const { page } = skilldeck;
      await resizeWindow(skilldeck, size[0], size[1]);
      await expect(page.getByRole('contentinfo')).toContainText('2 / 2');
      const screen = new ScreenCheck(page, `gateway-keys-${language}-${theme}`);
      const gateway = new GatewayPage(page, words);
      await gateway.open();
      await screen.check('none');

      await gateway.keys.getByRole('button', { name: words.newKey }).click();
      const form = gateway.dialog(words.newKey);
      await form.getByRole('button', { name: words.make }).click();
      await expect(form).toContainText(words.noName);
      await form.getByRole('textbox', { name: words.name, exact: true }).fill('ann');
      await form.getByRole('textbox', { name: words.requests }).fill('3');
      await form.getByLabel(words.lastDay).fill('2099-12-31');
      await screen.check('form');
      await form.getByRole('button', { name: words.make }).click();

      const told = gateway.dialog(/ann/);
      const secret = (await told.getByRole('status', { name: words.secret }).textContent()) ?? '';
      expect(secret.length).toBeGreaterThan(20);
      await screen.check('secret');
      await told.getByRole('button', { name: words.done }).click();
      await expect(page.getByText(secret)).toHaveCount(0);
      await screen.check('list');

      const statusWith = (key: string) => ask(workbench, key);
      expect(await statusWith(secret)).toBe(200);
      await gateway.choose('ann', words.off);
      await expect(gateway.rowOf('ann')).toContainText(words.switchedOff);
      expect(await statusWith(secret)).toBe(401);
      await gateway.choose('ann', words.on);
      await expect(gateway.rowOf('ann')).toContainText(words.active);
      expect(await statusWith(secret)).toBe(200);

      await gateway.choose('ann', words.rotate);
      await gateway.dialog(/ann/).getByRole('button', { name: words.makeSecret }).click();
      const next = gateway.dialog(/ann/).getByRole('status', { name: words.secret });
      await expect(next).not.toHaveText(secret);
      const other = (await next.textContent()) ?? '';
      await gateway.dialog(/ann/).getByRole('button', { name: words.done }).click();
      expect(await statusWith(secret)).toBe(401);
      expect(await statusWith(other)).toBe(200);
      // Three requests a minute: the one of the key's old secret counts, too.
      await expect.poll(() => statusWith(other)).toBe(429);

      await gateway.choose('ann', words.remove);
      await screen.check('remove');
      await gateway.dialog(/ann/).getByRole('button', { name: words.removeKey }).click();
      await expect(gateway.rowOf('ann')).toHaveCount(0);
      expect(await statusWith(other)).toBe(401);
      expect(await filesWith(workbench.root, [secret, other])).toEqual([]);
    });

    test('a text is tried, and the skills go back to a former generation', async ({ launch, workbench }) => {
      await configure(workbench);
      const skilldeck = await launch();
      const { page } = skilldeck;
      await resizeWindow(skilldeck, size[0], size[1]);
      await expect(page.getByRole('contentinfo')).toContainText('2 / 2');
      const screen = new ScreenCheck(page, `gateway-skills-${language}-${theme}`);
      const gateway = new GatewayPage(page, words);
      await gateway.open();
      await writeSkill(workbench, 'tide-tables', 'When high and low water come at a harbour.');
      await expect(gateway.generations).toContainText('tide-tables');

      const text = gateway.dryRun.getByRole('textbox', { name: words.text });
      await text.fill('When is low water at the harbour tomorrow?');
      await gateway.dryRun.getByRole('button', { name: words.ask }).click();
      await expect(gateway.dryRun.getByRole('status')).toContainText('tide-tables');
      await gateway.dryRun.scrollIntoViewIfNeeded();
      await screen.check('matched');
      await text.fill('/tide-tables tomorrow');
      await gateway.dryRun.getByRole('button', { name: words.ask }).click();
      await expect(gateway.dryRun.getByRole('status')).toContainText(words.slash);

      await gateway.generations.getByRole('button', { name: words.goBack }).click();
      await expect(gateway.generations.getByRole('status')).toContainText(words.held);
      await screen.check('held');
      await gateway.generations.getByRole('button', { name: words.release }).click();
      await expect(gateway.generations.getByRole('status')).toHaveCount(0);
    });
  });

async function configure(workbench: Workbench): Promise<void> {
  const folder = path.join(workbench.workspace, 'data', 'config');
  await mkdir(folder, { recursive: true });
  const backend = { name: 'upstream', kind: 'openai', baseUrl: upstream.baseUrl, model: 'fake' };
  await writeFile(path.join(folder, 'config.json'), JSON.stringify({ backends: [backend] }));
}

async function writeSkill({ workspace }: Workbench, name: string, description: string): Promise<void> {
  const folder = path.join(workspace, 'data', 'skills', name);
  await mkdir(folder, { recursive: true });
  await writeFile(
    path.join(folder, 'SKILL.md'),
    `---\nname: ${name}\ndescription: ${description}\n---\nLook it up.\n`,
  );
}

/** Asks the gateway itself, as a script with that key would; the status of the answer. */
async function ask({ ports }: Workbench, key: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${ports.gateway}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }] }),
  });
  await response.text();
  return response.status;
}

/** Files below a folder in which one of the texts stands. */
async function filesWith(folder: string, texts: readonly string[]): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const text = await readFile(file, 'latin1').catch(() => '');
    if (texts.some((one) => text.includes(one))) found.push(file);
  }
  return found;
}
