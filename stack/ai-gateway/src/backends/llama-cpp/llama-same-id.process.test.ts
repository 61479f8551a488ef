import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGateway, type TestGateway } from '../../testing/start-gateway.ts';

const MODEL = fileURLToPath(new URL('../../../../models/skilldeck-demo.gguf', import.meta.url));
const NEEDS = { meta: { needs: 'the demo model that the set-up makes' } };

describe.skipIf(!existsSync(MODEL))('requests under one x-request-id at the same time', NEEDS, () => {
  let gateway: TestGateway;
  let client: OpenAI;

  beforeAll(async () => {
    gateway = await startGateway({ MODEL_PATH: MODEL });
    client = new OpenAI({
      baseURL: `${gateway.url}/v1`,
      apiKey: 'none',
      maxRetries: 0,
      defaultHeaders: { 'x-request-id': 'the-same-for-all' },
    });
    const isReady = () => expect(gateway.gateway.readiness()).toEqual({ status: 'ready' });
    await vi.waitFor(isReady, { timeout: 20_000, interval: 50 });
  }, 30_000);
  afterAll(() => gateway.close());

  test('get each its own answer', async () => {
    const prompts = ['The first of them', 'Another one', 'Something else', 'The last'];
    const say = (prompt: string) =>
      client.completions.create({ model: 'local', prompt, echo: true, max_tokens: 20 });
    const answers = await Promise.all(prompts.map(say));
    for (const [index, prompt] of prompts.entries())
      expect(answers[index]?.choices[0]?.text.startsWith(prompt)).toBe(true);
  });

  test('are cancelled each on its own', async () => {
    const messages = [{ role: 'user' as const, content: 'Hello' }];
    const request = { model: 'local', messages, max_tokens: 200, stream: true as const };
    const controller = new AbortController();
    const [left, stayed] = await Promise.all([
      client.chat.completions.create(request, { signal: controller.signal }),
      client.chat.completions.create(request),
    ]);
    for await (const _ of left) controller.abort();
    let end: unknown;
    for await (const { choices } of stayed) end = choices[0]?.finish_reason ?? end;
    expect(end).toMatch(/stop|length/);
    await vi.waitFor(() => expect(gateway.gateway.queue.inFlight).toBe(0));
  });
});
