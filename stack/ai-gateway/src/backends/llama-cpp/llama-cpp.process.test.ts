import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGateway, type TestGateway } from '../../testing/start-gateway.ts';
import { LlamaCppBackend } from './llama-cpp-backend.ts';

const MODEL = fileURLToPath(new URL('../../../../models/skilldeck-demo.gguf', import.meta.url));
const READY = { timeout: 20_000, interval: 50 };

const NEEDS = { meta: { needs: 'the demo model that the set-up makes' } };

describe.skipIf(!existsSync(MODEL))('llama.cpp with the demo model', NEEDS, () => {
  let gateway: TestGateway;
  let client: OpenAI;
  const isReady = () => expect(gateway.gateway.readiness()).toEqual({ status: 'ready' });

  beforeAll(async () => {
    gateway = await startGateway({ MODEL_PATH: MODEL });
    client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'none', maxRetries: 0 });
    await vi.waitFor(isReady, READY);
  }, 30_000);
  afterAll(() => gateway.close());

  const messages = [{ role: 'user' as const, content: 'Hello, who are you?' }];

  test('is known to have been made without tools, and how small it is', () => {
    const { model } = gateway.gateway.pool.backends[0] ?? {};
    expect(model).toMatchObject({ demo: true, tools: false });
    expect(model?.parameters).toBeGreaterThan(1000);
    expect(model?.parameters).toBeLessThan(1e8);
  });

  test('answers in words and counts tokens', async () => {
    const answer = await client.chat.completions.create({
      model: 'local',
      messages,
      max_tokens: 12,
      temperature: 0,
    });
    expect(answer.choices[0]?.message.content).toMatch(/[a-z]/i);
    expect(answer.usage?.completion_tokens).toBeGreaterThan(0);
    expect(answer.usage?.prompt_tokens).toBeGreaterThan(0);
  });

  test('streams word by word, also with a skill longer than its context', async () => {
    await gateway.writeSkill(
      'long',
      `---\nname: long\ndescription: Long.\n---\n${'Many words about nothing. '.repeat(1500)}`,
    );
    await gateway.gateway.skills.reload();
    const request = { model: 'local', messages, max_tokens: 12, stream: true as const, skills: ['long'] };
    const stream = await client.chat.completions.create(request);
    let pieces = 0;
    for await (const chunk of stream) pieces += chunk.choices[0]?.delta.content ? 1 : 0;
    expect(pieces).toBeGreaterThan(1);
  });

  test('answers all that ask at once, also more than it has sequences', async () => {
    const call = () => client.chat.completions.create({ model: 'local', messages, max_tokens: 8 });
    const answers = await Promise.all([call(), call(), call(), call(), call()]);
    expect(answers.every(({ choices }) => choices[0]?.message.content)).toBe(true);
  });

  test('frees its slot when the client leaves', async () => {
    const controller = new AbortController();
    const request = { model: 'local', messages, max_tokens: 4000, stream: true as const };
    const stream = await client.chat.completions.create(request, { signal: controller.signal });
    for await (const _ of stream) controller.abort();
    await vi.waitFor(() => expect(gateway.gateway.queue.inFlight).toBe(0));
  });

  test('comes back by itself when its process dies', async () => {
    const backend = gateway.gateway.pool.backends[0];
    if (!(backend instanceof LlamaCppBackend) || backend.processStatus.pid === undefined)
      throw new Error('no worker');
    process.kill(backend.processStatus.pid, 'SIGKILL');
    await vi.waitFor(
      () => expect(backend.state).toMatchObject({ kind: 'unavailable', code: 'worker_crashed' }),
      READY,
    );
    await expect(client.chat.completions.create({ model: 'local', messages })).rejects.toMatchObject({
      status: 503,
    });
    await vi.waitFor(isReady, READY);
    const answer = await client.chat.completions.create({ model: 'local', messages, max_tokens: 4 });
    expect(answer.choices[0]?.message.content).toBeTruthy();
  }, 30_000);
});

describe('a model file', () => {
  test('that is no GGUF gets a sentence and does not stop the gateway', async () => {
    const gateway = await startGateway({ MODEL_PATH: 'fake.gguf' });
    await writeFile(path.join(gateway.directory, 'fake.gguf'), 'hello world');
    await vi.waitFor(
      () => expect(gateway.gateway.readiness().message).toContain('is not a GGUF model file'),
      READY,
    );
    const response = await gateway.app.inject({
      method: 'POST',
      url: '/v1/chat/completions',
      payload: { messages: [{ role: 'user', content: 'hi' }] },
    });
    expect([response.statusCode, response.json().error.code]).toEqual([503, 'model_file_invalid']);
    await gateway.close();
  });
});
