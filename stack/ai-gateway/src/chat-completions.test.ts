import type { ChildProcess } from 'node:child_process';
import { ChatExtensionSchema, GatewayStatusSchema } from '@skilldeck/agent-skills';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGateway, startUpstream, type TestGateway } from './testing/start-gateway.ts';

const TEA = '---\nname: tea\ndescription: How to brew tea.\n---\nAlways say GREEN LEAF.\n';

describe('POST /v1/chat/completions with an OpenAI upstream', () => {
  let upstream: { url: string; child: ChildProcess };
  let gateway: TestGateway;
  let client: OpenAI;

  beforeAll(async () => {
    upstream = await startUpstream();
    gateway = await startGateway({ UPSTREAM_BASE_URL: `${upstream.url}/v1`, GATEWAY_API_KEY: 'sk-test' });
    await gateway.writeSkill('tea', TEA);
    await gateway.gateway.skills.reload();
    client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'sk-test', maxRetries: 0 });
    await vi.waitFor(() => expect(gateway.gateway.readiness().status).toBe('ready'));
  });

  afterAll(async () => {
    await gateway.close();
    upstream.child.kill();
  });

  const ask = (content: string, extra: object = {}) => ({
    model: 'fake',
    messages: [{ role: 'user' as const, content }],
    ...extra,
  });
  const open = async (): Promise<number> =>
    ((await (await fetch(`${upstream.url}/counts`)).json()) as { open: number }).open;

  test('applies the skill that fits and says so', async () => {
    const { data, response } = await client.chat.completions.create(ask('How do I brew tea?')).withResponse();
    expect(data.choices[0]?.message.content).toBe(
      'SYSTEM<<Always say GREEN LEAF.>> USER<<How do I brew tea?>>',
    );
    expect(response.headers.get('x-skilldeck-skills')).toBe('tea');
    const extension = ChatExtensionSchema.parse((data as unknown as { skilldeck: unknown }).skilldeck);
    expect(extension).toMatchObject({ skills: ['tea'], backend: 'upstream' });
    expect(extension.requestId).toBe(response.headers.get('x-skilldeck-request-id'));
  });

  test('streams to the official client, with the skill named in the first and the finishing chunk', async () => {
    const stream = await client.chat.completions.create({ ...ask('brew tea'), stream: true });
    let text = '';
    const marked: unknown[] = [];
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      if ('skilldeck' in chunk) marked.push(ChatExtensionSchema.parse(chunk.skilldeck).skills);
    }
    expect(text).toBe('SYSTEM<<Always say GREEN LEAF.>> USER<<brew tea>>');
    expect(marked).toEqual([['tea'], ['tea']]);
  });

  test('takes a skill by name, none at all, and refuses an unknown one', async () => {
    const named = await client.chat.completions.create(ask('hello', { skills: ['tea'] }));
    expect(named.choices[0]?.message.content).toContain('GREEN LEAF');
    const none = await client.chat.completions.create(ask('brew tea', { skills: 'none' }));
    expect(none.choices[0]?.message.content).toBe('SYSTEM<<>> USER<<brew tea>>');
    await expect(client.chat.completions.create(ask('hello', { skills: ['nope'] }))).rejects.toMatchObject({
      status: 404,
      code: 'skill_not_found',
    });
  });

  test('passes tools and unknown fields on, but not its own', async () => {
    const tools = [{ type: 'function' as const, function: { name: 'f', parameters: {} } }];
    const answer = await client.chat.completions.create(ask('hello', { tools, skills: 'auto', x_custom: 7 }));
    const { received } = answer as unknown as { received: Record<string, unknown> };
    expect(received).toMatchObject({ tools, x_custom: 7, model: 'fake' });
    expect(received).not.toHaveProperty('skills');
  });

  test.each([
    ['refuse', 502, 'upstream_refused'],
    ['error500', 502, 'upstream_error'],
    ['not-json', 502, 'upstream_not_json'],
    ['cut', 502, 'upstream_cut'],
  ])('turns an upstream that does "%s" into a coded error', async (behaviour, status, code) => {
    const call = client.chat.completions.create(ask(`x-fake:${behaviour} hello`));
    await expect(call).rejects.toMatchObject({ status, code });
  });

  test('ends a stream that the upstream cuts with an error event and [DONE]', async () => {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sk-test' },
      body: JSON.stringify(ask('x-fake:cut one two three four', { stream: true })),
    });
    const events = (await response.text()).trim().split('\n\n');
    expect(JSON.parse(events.at(-2)?.slice(6) ?? '{}')).toMatchObject({ error: { code: 'upstream_cut' } });
    expect(events.at(-1)).toBe('data: [DONE]');
  });

  test('closes the call to the upstream when the client leaves, streaming or not', async () => {
    for (const stream of [true, false]) {
      const controller = new AbortController();
      const call = fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer sk-test' },
        body: JSON.stringify(ask('x-fake:stall hello', { stream })),
        signal: controller.signal,
      });
      await vi.waitFor(async () => expect(await open()).toBe(1));
      controller.abort();
      await expect(call).rejects.toThrow('aborted');
      await vi.waitFor(async () => expect(await open()).toBe(0));
      await vi.waitFor(() => expect(gateway.gateway.queue.inFlight).toBe(0));
    }
  });

  test('asks for the key everywhere but on probes', async () => {
    const status = async (path: string, key?: string): Promise<number> =>
      (
        await fetch(gateway.url + path, {
          headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
        })
      ).status;
    expect(await status('/healthz')).toBe(200);
    expect(await status('/metrics')).toBe(200);
    expect(await status('/v1/models')).toBe(401);
    expect(await status('/admin/status', 'wrong')).toBe(401);
    expect(await status('/admin/status', 'sk-test')).toBe(200);
  });

  test('shows its state in the shape the panel parses', async () => {
    const response = await gateway.app.inject({
      url: '/admin/status',
      headers: { authorization: 'Bearer sk-test' },
    });
    expect(GatewayStatusSchema.parse(response.json())).toMatchObject({ status: 'ready', maxConcurrent: 50 });
    expect(response.body).not.toContain('sk-test');
  });

  test.each([
    ['{', 400, 'invalid_request'],
    ['{}', 400, 'invalid_request'],
    ['{"messages":[{"role":"robot","content":"x"}]}', 400, 'invalid_request'],
  ])('answers the body %s with %i %s', async (payload, status, code) => {
    const response = await gateway.app.inject({
      method: 'POST',
      url: '/v1/chat/completions',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sk-test' },
      payload,
    });
    expect([response.statusCode, response.json().error.code]).toEqual([status, code]);
  });
});
