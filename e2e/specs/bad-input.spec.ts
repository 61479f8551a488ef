import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { ProblemCard } from '../pages/problem-card.ts';
import { ShellPage } from '../pages/shell-page.ts';
import { StackPage } from '../pages/stack-page.ts';
import { startFakeEngine } from '../support/fake-engine.ts';
import { startFakeUpstream } from '../support/fake-upstream.ts';
import { expect, test } from '../support/fixtures.ts';
import { processesOf } from '../support/processes.ts';
import { ScreenCheck } from '../support/screen-check.ts';
import { REPOSITORY } from '../support/skilldeck.ts';
import type { Workbench } from '../support/workbench.ts';

const configFile = ({ workspace }: Workbench) => path.join(workspace, 'data', 'config', 'config.json');

async function writeConfig(workbench: Workbench, config: string | object): Promise<void> {
  await mkdir(path.dirname(configFile(workbench)), { recursive: true });
  await writeFile(configFile(workbench), typeof config === 'string' ? config : JSON.stringify(config));
}

test.describe('an engine that cannot be used', () => {
  test.use({ bench: { engine: 'docker' } });

  test('is said to be not running, and found by itself once it is there', async ({ launch, workbench }) => {
    const socket = path.join(workbench.root, 'engine.sock');
    const { page } = await launch({ DOCKER_HOST: `unix://${socket}` });
    const { card } = new ProblemCard(page, 'Docker is not running');
    await expect(card).toContainText(`Nothing answers at ${socket}.`);
    await expect(card).toContainText('sudo systemctl start docker');
    const engine = await startFakeEngine(workbench, {
      Version: '17.06.2-ce',
      ApiVersion: '1.30',
      MinAPIVersion: '1.12',
    });
    await expect(new ProblemCard(page, 'This Docker is too old').card).toBeVisible();
    await engine.stop();
  });

  test('is said to be too old, and the sandbox stands in for it', async ({ launch, workbench }) => {
    const engine = await startFakeEngine(workbench, {
      Version: '17.06.2-ce',
      ApiVersion: '1.30',
      MinAPIVersion: '1.12',
    });
    const { page } = await launch({ DOCKER_HOST: engine.host });
    const problem = new ProblemCard(page, 'This Docker is too old');
    await expect(problem.card).toContainText('It is Docker Engine 17.06.2-ce (API 1.30).');
    await expect(problem.card).toContainText('20.10 or newer');
    await problem.button('Use the sandbox instead').click();
    await new StackPage(page).expectState('running');
    await expect(problem.card).toBeHidden();
    await engine.stop();
  });
});

test.describe('an engine that cannot be used, in Chinese', () => {
  test.use({ bench: { engine: 'docker', language: 'zh' } });

  test('is explained in Chinese only', async ({ launch, workbench }) => {
    const engine = await startFakeEngine(workbench, {
      Version: '17.06.2-ce',
      ApiVersion: '1.30',
      MinAPIVersion: '1.12',
    });
    const { page } = await launch({ DOCKER_HOST: engine.host });
    const problem = new ProblemCard(page, 'Docker 版本过低');
    await expect(problem.card).toContainText('当前为 Docker Engine 17.06.2-ce（API 1.30）。');
    await expect(problem.card).not.toContainText('is too old');
    await expect(problem.button('改用沙箱')).toBeVisible();
    await engine.stop();
  });
});

test('a taken port names its owner and can be moved', async ({ launch, workbench }) => {
  const other = createServer((_request, response) => response.end('mine'));
  await new Promise<void>((resolve) => other.listen(workbench.ports.gateway, '127.0.0.1', resolve));
  const { page } = await launch();
  const title = `Port ${workbench.ports.gateway} is used by node (pid ${process.pid})`;
  const problem = new ProblemCard(page, title);
  await expect(problem.card).toContainText(`ai-gateway needs port ${workbench.ports.gateway}.`);
  await problem.button('Use another port').click();
  await new StackPage(page).expectState('running');
  expect(Number(await workbench.env('GATEWAY_PORT'))).toBeGreaterThan(workbench.ports.gateway);
  other.closeAllConnections();
  other.close();
});

test('a broken override and .env are shown by file and line, and Stop still works', async ({
  skilldeck: { page },
  workbench,
}) => {
  const stack = new StackPage(page);
  await stack.expectState('running');
  const override = path.join(workbench.workspace, 'compose.override.yaml');
  await writeFile(override, 'services:\n  ai-gateway:\n    ports:\n      - "abc:def"\n');
  const compose = new ProblemCard(page, 'The compose file is not valid');
  await expect(compose.card).toContainText('compose.override.yaml, line 4: services.ai-gateway.ports[0]');
  await expect(compose.card).toContainText('found "abc:def"');
  await writeFile(override, 'services:\n  ai-gateway:\n    surprise: 1\n');
  await expect(new ProblemCard(page, 'uses a key that Skilldeck does not know').card).toContainText(
    'compose.override.yaml, line 3',
  );
  await rm(override);
  await stack.expectState('running');

  const envFile = path.join(workbench.workspace, '.env');
  const good = await readFile(envFile, 'utf8');
  await appendFile(envFile, 'this is no setting\n');
  const env = new ProblemCard(page, 'The file .env has a mistake');
  await expect(env.card).toContainText(`.env, line ${good.split('\n').length}: a name has no space in it`);
  await stack.stop.click();
  await stack.expectState('stopped');
  await writeFile(envFile, good);
  await expect(env.card).toBeHidden();
  await expect(stack.start).toBeEnabled();
});

test.describe('in Chinese', () => {
  test.use({ bench: { engine: 'sandbox', language: 'zh', theme: 'light', autoStartSandbox: true } });

  test('a broken override and .env are explained in Chinese only', async ({
    skilldeck: { page },
    workbench,
  }) => {
    await expect(page.getByRole('contentinfo')).toContainText('2 / 2', { timeout: 60_000 });
    const override = path.join(workbench.workspace, 'compose.override.yaml');
    await writeFile(override, 'services:\n  ai-gateway:\n    ports: 8080\n');
    const compose = new ProblemCard(page, 'Compose 文件无效');
    await expect(compose.card).toContainText(
      'compose.override.yaml 第 3 行，services.ai-gateway.ports：应为：列表',
    );
    await expect(compose.card).toContainText('compose.yaml 一致，实际为："8080"。');
    await writeFile(override, 'services:\n  ai-gateway:\n    depends_on: [nobody]\n');
    await expect(compose.card).toContainText('应为：本项目中的服务，实际为："nobody"。');
    await rm(override);
    await expect(compose.card).toBeHidden();
    await appendFile(path.join(workbench.workspace, '.env'), 'this is no setting\n');
    const env = new ProblemCard(page, '.env 文件有误');
    await expect(env.card).toContainText('行：名称中不能有空格。');
  });

  test('a broken config.json is explained in Chinese only, at the start and at a reload', async ({
    launch,
    workbench,
  }) => {
    const bundled = await readFile(path.join(REPOSITORY, 'stack', 'ai-gateway', 'config.json'), 'utf8');
    await writeConfig(workbench, { maxConcurrent: 'many' });
    const { page } = await launch();
    const screen = new ScreenCheck(page, 'config-zh-light');
    const atStart = new ProblemCard(page, '网关的 config.json 有误');
    await expect(atStart.card).toContainText('config.json：“maxConcurrent”应为数字，但现在是 "many"。');
    await screen.check('start');
    await writeConfig(workbench, bundled);
    await atStart.button('重新启动').click();
    await expect(page.getByRole('contentinfo')).toContainText('2 / 2', { timeout: 60_000 });

    await page.getByRole('navigation').getByRole('button', { name: '网关' }).click();
    const settings = page.getByRole('region', { name: '当前设置' });
    await expect(settings).toBeVisible();
    await writeConfig(workbench, { maxQeue: 5, backends: [{ name: 'a', kind: 'ollama' }] });
    await expect(settings).toContainText('“maxQeue”不是网关的设置项，请删除或改正拼写。');
    await expect(settings).toContainText('应为 "llama-cpp", "openai" 之一，但现在是 "ollama"。');
    await settings.scrollIntoViewIfNeeded();
    await screen.check('reload');
    await writeConfig(workbench, bundled);
    await expect(settings).not.toContainText('maxQeue');
  });
});

test('a broken config.json is named at the start and at a reload, and nothing is overwritten', async ({
  launch,
  workbench,
}) => {
  const refused = '{\n  "maxConcurrent": "many"\n}\n';
  await writeConfig(workbench, refused);
  const { page } = await launch();
  const stack = new StackPage(page);
  const atStart = new ProblemCard(page, 'config.json has a mistake');
  await expect(atStart.card).toContainText('"maxConcurrent" must be a number, but "many" stands there.');
  await expect(atStart.button('Open folder')).toBeVisible();
  await expect(atStart.button('Start again')).toBeVisible();
  expect(await readFile(configFile(workbench), 'utf8')).toBe(refused);
  const bundled = await readFile(path.join(REPOSITORY, 'stack', 'ai-gateway', 'config.json'), 'utf8');
  await writeConfig(workbench, bundled);
  await atStart.button('Start again').click();
  await stack.expectState('running');

  const chat = await new ShellPage(page).openChat();
  await expect(chat.useRealModel).toBeVisible();
  await writeConfig(workbench, '{\n  "maxConcurrent": 50,\n  oops\n}\n');
  const atReload = new ProblemCard(page, 'config.json has a mistake');
  await expect(atReload.card).toContainText('config.json, line 3: it is not JSON from column 3 on.');
  const answer = await chat.ask('Do you still answer?');
  await expect(answer).not.toHaveAttribute('data-status', 'failed');
  await writeConfig(workbench, refused);
  await expect(atReload.card).toContainText('"maxConcurrent" must be a number');
  await writeConfig(workbench, bundled);
  await expect(atReload.card).toBeHidden();
});

test('four broken skills are listed, explained, and do not hold up the others', async ({
  launch,
  workbench,
}) => {
  const put = async (name: string, content: string | Buffer) => {
    const folder = path.join(workbench.workspace, 'data', 'skills', name);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'SKILL.md'), content);
  };
  const latin1 = Buffer.from('---\nname: latin\ndescription: Grüße\n---\n', 'latin1');
  await put('bare-text', 'Just text.\n');
  await put('wrong-name', '---\nname: other-name\ndescription: Says hello.\n---\nHello\n');
  await put('not-utf8', latin1);
  await put('huge', Buffer.alloc(50 * 1024 * 1024, 'a'));
  await put('sound', '---\nname: sound\ndescription: Says hello. Use for greetings.\n---\nHello\n');
  const { page } = await launch();
  await new StackPage(page).expectState('running');
  const skills = await new ShellPage(page).openSkills();
  const problems = page.getByRole('list', { name: 'Problems' });

  await skills.open('bare-text');
  await expect(problems).toContainText('The file has no front matter. Start it with a line “---”');
  await skills.open('wrong-name');
  await expect(problems).toContainText('The name “other-name” differs from the folder “wrong-name”');
  await skills.pick('not-utf8');
  await expect(new ProblemCard(page, 'The file is not UTF-8 text').card).toContainText('Convert it to UTF-8');
  await skills.pick('huge');
  await expect(new ProblemCard(page, 'The file is too large for a skill').card).toContainText(
    'Move long material into files beside SKILL.md',
  );
  await expect(skills.list.getByRole('button', { name: /^sound Live in the gateway/ })).toBeVisible();
  expect(await readFile(path.join(workbench.workspace, 'data', 'skills', 'not-utf8', 'SKILL.md'))).toEqual(
    latin1,
  );
});

test('an upstream that refuses, stalls or cuts is told apart; the partial answer stays', async ({
  launch,
  workbench,
}) => {
  const upstream = await startFakeUpstream();
  await writeConfig(workbench, {
    backends: [{ name: 'upstream', kind: 'openai', baseUrl: upstream.baseUrl, model: 'fake' }],
    timeouts: { firstByteMs: 1200 },
  });
  const { page } = await launch();
  await new StackPage(page).expectState('running');
  const chat = await new ShellPage(page).openChat();

  const cut = await chat.ask('please x-fake:cut now');
  await expect(cut).toContainText('The model server cut the answer off');
  await expect(cut).toContainText('SYSTEM<<>> USER<<please');
  await expect(cut).toContainText('What had arrived is kept. Ask again');
  const stalled = await chat.ask('please x-fake:stall now');
  await expect(stalled).toContainText('The model server took too long');
  await expect(stalled.getByRole('button', { name: 'Retry' })).toBeVisible();
  const failing = await chat.ask('please x-fake:error500 now');
  await expect(failing).toContainText('The model server answered with an error');
  upstream.close();
  const refused = await chat.ask('are you there?');
  await expect(refused).toContainText('The model server does not answer');
  await expect(refused).toContainText('Check that it runs and that its address is right.');
  await expect(cut).toContainText('SYSTEM<<>> USER<<please');
});

test('a file that is no GGUF is refused and the model stays', async ({
  skilldeck: { app, page },
  workbench,
}) => {
  await new StackPage(page).expectState('running');
  const file = path.join(workbench.root, 'picture.gguf');
  await writeFile(file, 'not a model at all '.repeat(20));
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
  }, file);
  const before = await readFile(configFile(workbench), 'utf8');
  const settings = await new ShellPage(page).openSettings();
  await settings.chooseModelFile.click();
  const { card } = new ProblemCard(page, 'This is not a GGUF model file');
  await expect(card).toContainText('“picture.gguf” is another kind of file');
  await expect(card).toContainText('The model in use stays as it is.');
  expect(await readFile(configFile(workbench), 'utf8')).toBe(before);
});

test('closing the window in the middle of a start leaves no process, and the next start works', async ({
  launch,
  workbench,
}) => {
  const first = await launch();
  await new StackPage(first.page).expectState('starting');
  await expect.poll(async () => (await processesOf(workbench.workspace)).length).toBeGreaterThan(1);
  const ended = new Promise((resolve) => first.app.process().once('exit', resolve));
  await first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await ended;
  await expect.poll(() => processesOf(workbench.workspace)).toEqual([]);

  const second = await launch();
  await new StackPage(second.page).expectState('running');
});

test('a crash of the app does not keep the next start from its ports', async ({ launch }) => {
  const first = await launch();
  await new StackPage(first.page).expectState('running');
  const ended = new Promise((resolve) => first.app.process().once('exit', resolve));
  first.app.process().kill('SIGKILL');
  await ended;
  const second = await launch();
  await new StackPage(second.page).expectState('running');
});

test('a full disk loses no text', async ({ launch, workbench }) => {
  const why = mountSmallDisk(workbench.workspace);
  if (why !== undefined) console.log(`The disk cannot be filled here: ${why}`);
  test.skip(why !== undefined, why);
  const filler = path.join(workbench.workspace, 'filler');
  try {
    const { page } = await launch();
    await new StackPage(page).expectState('running');
    const skills = await new ShellPage(page).openSkills();
    await skills.open('release-notes');
    const file = path.join(workbench.workspace, 'data', 'skills', 'release-notes', 'SKILL.md');
    const before = await readFile(file, 'utf8');
    await fill(filler);
    await skills.append('release-notes', `\n${'Kept. '.repeat(20)}`);
    await skills.save();
    const full = new ProblemCard(page, 'The disk is full');
    await expect(full.card).toContainText('There was no space to write release-notes/SKILL.md.');
    expect(await readFile(file, 'utf8')).toBe(before);

    const chat = await new ShellPage(page).openChat();
    await chat.message.fill('A question that must not get lost');
    await chat.message.press('Enter');
    await expect(full.card).toContainText('Free some space, then try again.');
    await expect(chat.message).toHaveValue('A question that must not get lost');

    await rm(filler);
    const again = await new ShellPage(page).openSkills();
    await new ProblemCard(page, 'The disk is full').button('Retry').click();
    await again.expectLive();
    expect(await readFile(file, 'utf8')).toContain('Kept. Kept.');
  } finally {
    // The app still holds files there; it lets go when the fixture closes it.
    execFileSync('umount', ['--lazy', workbench.workspace]);
  }
});

/** A disk of a few megabytes in place of the workspace folder; why not, where that cannot be made. */
function mountSmallDisk(folder: string): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'only root on Linux mounts a small disk';
  try {
    const env = execFileSync('cat', [path.join(folder, '.env')]);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder], { stdio: 'pipe' });
    execFileSync('tee', [path.join(folder, '.env')], { input: env, stdio: ['pipe', 'ignore', 'pipe'] });
    return undefined;
  } catch (error) {
    return `mount failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function fill(file: string): Promise<void> {
  for (const size of [1024 * 1024, 4096, 1]) {
    const block = Buffer.alloc(size);
    try {
      for (;;) await appendFile(file, block);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}
