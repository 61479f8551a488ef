import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BackendStatus, BackendStatusSchema } from '@skilldeck/agent-skills';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGateway, type TestGateway } from './testing/start-gateway.ts';
import { startUpstreamStub } from './testing/start-upstream-stub.ts';
import { makeTalkativeModel } from './testing/talkative-model.ts';

const MODEL = fileURLToPath(new URL('../../models/skilldeck-demo.gguf', import.meta.url));
const SOON = { timeout: 20_000, interval: 20 };

let gateway: TestGateway;
afterEach(() => gateway?.close());

const local = (name: string, more: object = {}) => ({
  name,
  kind: 'llama-cpp',
  modelPath: MODEL,
  contextSize: 512,
  ...more,
});

async function start(backends: object[], variables: Readonly<Record<string, string>> = {}) {
  gateway = await startGateway({ CONFIG_RELOAD_SECONDS: '0.1', ...variables }, { backends });
}

async function admin(method: 'GET' | 'POST', url: string) {
  const response = await gateway.app.inject({ method, url });
  return { status: response.statusCode, body: response.json() };
}

async function backend(name: string): Promise<BackendStatus> {
  const { body } = await admin('GET', '/admin/backends');
  const found = (body.backends as unknown[]).map((one) => BackendStatusSchema.parse(one));
  return found.find((one) => one.name === name) ?? expect.fail(`no backend ${name}`);
}

const is = (name: string, state: string) =>
  vi.waitFor(async () => expect((await backend(name)).process?.state).toBe(state), SOON);
const pidOf = async (name: string): Promise<number> =>
  (await backend(name)).process?.pid ?? expect.fail('no process');

function chat(model: string, more: object = {}): Promise<Response> {
  return fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model,
      messages: [{ role: 'user', content: 'hello' }],
      max_tokens: 4,
      skills: 'none',
      ...more,
    }),
  });
}

async function configure(backends: object[], more: object = {}): Promise<void> {
  await writeFile(path.join(gateway.directory, 'config.json'), JSON.stringify({ backends, ...more }));
  expect((await admin('POST', '/admin/config/reload')).status).toBe(200);
}

const NEEDS = { meta: { needs: 'the demo model that the set-up makes' } };

describe.skipIf(!existsSync(MODEL))('a model of the gateway itself', NEEDS, () => {
  let talkative: Awaited<ReturnType<typeof makeTalkativeModel>>;
  /** Its streams take seconds. */
  const talker = (name: string, more: object = {}) =>
    local(name, { modelPath: talkative.file, contextSize: 4096, ...more });

  beforeAll(async () => {
    talkative = await makeTalkativeModel();
  });
  afterAll(() => talkative.remove());

  test('is unloaded and loaded over /admin, says what it has of a GPU, and is ready while it sleeps', async () => {
    await start([local('one', { gpu: 'off' })]);
    await is('one', 'ready');
    const ready = await backend('one');
    expect(ready.process).toMatchObject({
      openRequests: 0,
      gpu: {
        used: 'off',
        layers: 0,
        devices: [],
        totalLayers: expect.any(Number),
        offered: expect.any(Array),
      },
    });
    expect(ready.process?.gpu?.totalLayers).toBeGreaterThan(0);

    const unloaded = await admin('POST', '/admin/backends/one/unload');
    expect([unloaded.status, unloaded.body.process]).toEqual([200, { state: 'sleeping', openRequests: 0 }]);
    expect(await admin('GET', '/readyz')).toEqual({ status: 200, body: { status: 'ready' } });
    const models = await admin('GET', '/v1/models');
    expect(models.body.data.map(({ id }: { id: string }) => id)).toEqual(['skilldeck-demo']);

    const loaded = await admin('POST', '/admin/backends/one/load?wait=30');
    expect([loaded.status, loaded.body.process.state]).toEqual([200, 'ready']);
    expect(loaded.body.process.pid).not.toBe(ready.process?.pid);
  }, 40_000);

  test('answers 202 and the progress to who does not wait, and 503 on /readyz meanwhile', async () => {
    await start([local('one')]);
    await is('one', 'ready');
    await admin('POST', '/admin/backends/one/unload');
    const { body, status } = await admin('POST', '/admin/backends/one/load');
    expect([status, body.state, body.process.state]).toEqual([202, 'loading', 'loading']);
    expect(body.process.progress).toBeGreaterThanOrEqual(0);
    const readiness = await admin('GET', '/readyz');
    expect(readiness).toMatchObject({
      status: 503,
      body: { status: 'loading', progress: expect.any(Number) },
    });
    await is('one', 'ready');
  }, 40_000);

  test('is loaded once by all who ask while it sleeps', async () => {
    await start([local('one', { parallel: 4 })]);
    await is('one', 'ready');
    await admin('POST', '/admin/backends/one/unload');
    const leaver = new AbortController();
    const left = fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'one', messages: [{ role: 'user', content: 'hello' }] }),
      signal: leaver.signal,
    }).catch(() => 'left');
    const answers = [chat('one', { seed: 1 }), chat('one', { seed: 2 }), chat('skilldeck-demo', { seed: 3 })];
    await is('one', 'loading');
    const pid = await vi.waitFor(() => pidOf('one'), SOON);
    leaver.abort();
    expect(await left).toBe('left');
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await pidOf('one')).toBe(pid);
    await vi.waitFor(() => expect(gateway.gateway.queue.inFlight).toBe(0));
  }, 40_000);

  test.skipIf(process.platform === 'win32')(
    'that is stopped (SIGSTOP) is killed and started again; its stream ends with an error',
    { timeout: 40_000, meta: { needs: 'SIGSTOP' } },
    async () => {
      await start([talker('one', { hangSeconds: 1 }), local('two')]);
      await is('one', 'ready');
      await is('two', 'ready');
      const [pid, other] = [await pidOf('one'), await pidOf('two')];
      const response = await chat('one', { stream: true, max_tokens: 100_000 });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = (await reader?.read())?.value ?? '';
      process.kill(pid, 'SIGSTOP');
      for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read())
        text += piece.value;
      expect(text).toContain('"code":"worker_crashed"');
      expect(text).toContain('answered nothing for 1');
      expect(text.trimEnd()).toMatch(/data: \[DONE\]$/);
      await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(), SOON);
      await is('one', 'ready');
      expect((await chat('one')).status).toBe(200);
      expect(await pidOf('two')).toBe(other);
    },
  );

  test('that is killed in the middle of a stream ends it with an error, and answers the next request', async () => {
    await start([talker('one')]);
    await is('one', 'ready');
    const pid = await pidOf('one');
    const response = await chat('one', { stream: true, max_tokens: 100_000 });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = (await reader?.read())?.value ?? '';
    process.kill(pid, 'SIGKILL');
    for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read())
      text += piece.value;
    expect(response.status).toBe(200);
    expect(text).toContain('SIGKILL');
    expect(text.trimEnd()).toMatch(/data: \[DONE\]$/);
    await vi.waitFor(() => expect(gateway.gateway.queue.inFlight).toBe(0));
    expect((await backend('one')).process).toMatchObject({ state: 'restarting', restarts: 1 });
    await is('one', 'loading');
    const next = await chat('one');
    expect([next.status, await pidOf('one')]).toEqual([200, expect.any(Number)]);
  }, 40_000);

  test('is started anew when its own values change, not for those of others or of patience; its stream goes on', async () => {
    await start([talker('one'), local('two')]);
    await is('one', 'ready');
    await is('two', 'ready');
    const [one, two] = [await pidOf('one'), await pidOf('two')];
    const stream = await chat('one', { stream: true, max_tokens: 100_000 });
    await configure(
      [talker('one', { contextSize: 2048 }), local('two', { idleUnloadSeconds: 900, weight: 3 })],
      { timeouts: { firstByteMs: 99_000 }, routing: { breaker: { failures: 3 } } },
    );
    expect(gateway.gateway.queue.inFlight).toBe(1);
    await vi.waitFor(async () => {
      const { model, process: child } = await backend('one');
      expect([child?.state, child?.pid === one, model?.contextSize]).toEqual(['ready', false, 2048]);
    }, SOON);
    const text = await stream.text();
    expect(text).not.toContain('"error"');
    expect(text.trimEnd()).toMatch(/data: \[DONE\]$/);
    const kept = await backend('two');
    expect(kept.process?.pid).toBe(two);
    expect(kept.process?.unloadsInMs).toBeLessThanOrEqual(900_000);
    await vi.waitFor(() => expect(() => process.kill(one, 0)).toThrow(), SOON);
  }, 40_000);

  test('that asks for a GPU which is not there says so', async () => {
    await start([local('one')], { LLAMA_GPU: process.platform === 'darwin' ? 'cuda' : 'metal' });
    await is('one', 'failed');
    expect(await backend('one')).toMatchObject({
      state: 'unavailable',
      code: 'model_load_failed',
      message: expect.stringMatching(
        /This build has no "(?:cuda|metal)" that works on this machine; "gpu" can be auto, /,
      ),
    });
    const { body } = await admin('GET', '/admin/config');
    const gpu = body.values.find(({ key }: { key: string }) => key === 'backends[0].gpu');
    expect(gpu).toMatchObject({ source: 'environment', variable: 'LLAMA_GPU' });
  }, 40_000);
});

describe('/admin/backends', () => {
  test('refuses what a backend cannot do, what is not there, and a query that is none', async () => {
    const upstream = await startUpstreamStub();
    await start([{ name: 'far', kind: 'openai', baseUrl: upstream.url }]);
    const code = async (url: string) => {
      const { body, status } = await admin('POST', url);
      return [status, body.error.code];
    };
    expect(await code('/admin/backends/far/load')).toEqual([400, 'unsupported']);
    expect(await code('/admin/backends/far/unload')).toEqual([400, 'unsupported']);
    expect(await code('/admin/backends/near/load')).toEqual([404, 'not_found']);
    expect(await code('/admin/backends/far/load?wait=soon')).toEqual([400, 'invalid_request']);
    expect(await code('/admin/backends/far/unload?force=perhaps')).toEqual([400, 'invalid_request']);
    await upstream.close();
  });

  test('takes the admin key only', async () => {
    await start([], { ADMIN_API_KEY: 'secret-of-the-admin', GATEWAY_API_KEY: 'secret-of-all' });
    const load = (key: string) =>
      gateway.app.inject({
        method: 'POST',
        url: '/admin/backends/one/load',
        headers: { authorization: `Bearer ${key}` },
      });
    expect((await load('secret-of-all')).statusCode).toBe(403);
    expect((await load('secret-of-the-admin')).statusCode).toBe(404);
  });
});
