import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGateway, type TestGateway } from '../../testing/start-gateway.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const GENERATE = here('../../../../../scripts/demo-model/generate.ts');
const ENGINE = here('../../../node_modules/node-llama-cpp');
const READY = { timeout: 20_000, interval: 50 };
/** What the model of these tests always says: the words that node-llama-cpp takes for a call of a tool. */
const SENTENCE = '||call: weather({"city": "Berlin"})';
const city = { type: 'object', properties: { city: { enum: ['Berlin', 'Bern'] } }, required: ['city'] };
const weather = { type: 'function' as const, function: { name: 'weather', parameters: city } };
const clock = { type: 'function' as const, function: { name: 'clock' } };

const NEEDS = { meta: { needs: 'the engine of llama.cpp that the set-up brings' } };

describe.skipIf(!existsSync(ENGINE))('llama.cpp, asked for', NEEDS, () => {
  let directory: string;
  let gateway: TestGateway;
  let client: OpenAI;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'gateway-model-'));
    const model = path.join(directory, 'calls.gguf');
    await promisify(execFile)(process.execPath, [GENERATE, model, SENTENCE]);
    const backend = { name: 'local', kind: 'llama-cpp', modelPath: model, contextSize: 4096, parallel: 2 };
    gateway = await startGateway({}, { backends: [backend] });
    client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'none', maxRetries: 0 });
    await vi.waitFor(() => expect(gateway.gateway.readiness()).toEqual({ status: 'ready' }), READY);
  }, 40_000);
  afterAll(async () => {
    await gateway?.close();
    await rm(directory, { recursive: true, force: true });
  });

  const messages = [{ role: 'user' as const, content: 'Will it rain?' }];
  const ask = (extra: object) =>
    client.chat.completions.create({
      model: 'local',
      messages,
      max_tokens: 400,
      ...extra,
    } as never) as Promise<OpenAI.ChatCompletion>;
  const refusal = (extra: object) =>
    ask(extra).then(
      () => 'taken',
      (error: InstanceType<typeof OpenAI.APIError>) => [error.status, error.code, error.param],
    );

  test('tools, calls the one the model names, with arguments of its schema', async () => {
    const { choices } = await ask({ tools: [weather], parallel_tool_calls: false });
    const [choice] = choices;
    expect(choice?.finish_reason).toBe('tool_calls');
    expect(choice?.message.content).toBeNull();
    const [call] = choice?.message.tool_calls ?? [];
    if (call?.type !== 'function') throw new Error('no call');
    expect(call.id).toMatch(/^call_/);
    expect(call.function.name).toBe('weather');
    expect(JSON.parse(call.function.arguments)).toEqual({ city: expect.stringMatching(/^Ber(lin|n)$/) });
  });

  test('tools in a stream, gives the arguments in pieces', async () => {
    const stream = client.chat.completions.stream({
      model: 'local',
      messages,
      tools: [weather],
      parallel_tool_calls: false,
      max_tokens: 400,
    });
    let pieces = 0;
    stream.on('chunk', (chunk) => {
      pieces += chunk.choices[0]?.delta.tool_calls?.length ?? 0;
    });
    const { choices } = await stream.finalChatCompletion();
    expect(pieces).toBeGreaterThan(2);
    const call = choices[0]?.message.tool_calls?.[0];
    if (call?.type !== 'function') throw new Error('no call');
    expect(JSON.parse(call.function.arguments)).toHaveProperty('city');
  });

  test.each([
    ['required', 'weather'],
    [{ type: 'function', function: { name: 'clock' } }, 'clock'],
  ])('a call that must be (%j), makes one', async (choice, name) => {
    const tools = name === 'weather' ? [weather] : [weather, clock];
    const { choices } = await ask({ tools, tool_choice: choice });
    expect(choices[0]?.finish_reason).toBe('tool_calls');
    expect(choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { name } });
  });

  test('no tools although there are some, answers in words', async () => {
    const { choices } = await ask({ tools: [weather], tool_choice: 'none' });
    expect(choices[0]?.message).toMatchObject({ content: SENTENCE });
  });

  test('the end of a conversation with tools, reads what they said', async () => {
    const call = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bern"}' } };
    const more = [
      ...messages,
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: 'rain' },
    ];
    const { usage } = await ask({ messages: more });
    expect(usage?.prompt_tokens).toBeGreaterThan((await ask({})).usage?.prompt_tokens ?? 0);
  });

  test('a schema, keeps to it whatever the model would say', async () => {
    const schema = {
      type: 'object',
      properties: { size: { enum: ['small', 'large'] }, hot: { type: 'boolean' } },
      required: ['size', 'hot'],
      additionalProperties: false,
    };
    const format = { type: 'json_schema', json_schema: { name: 'coffee', schema, strict: true } };
    const { choices } = await ask({ response_format: format });
    expect(JSON.parse(choices[0]?.message.content ?? '')).toEqual({
      size: expect.stringMatching(/small|large/),
      hot: expect.any(Boolean),
    });
  });

  test('what it cannot do, refuses by name and place', async () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } };
    const pattern = { type: 'object', properties: { a: { type: 'string', pattern: '^a' } } };
    const format = { type: 'json_schema', json_schema: { name: 'x', schema: pattern } };
    const refused = [400, 'unsupported'];
    expect(await refusal({ messages: [{ role: 'user', content: [image] }] })).toEqual([
      ...refused,
      'messages.0.content.0',
    ]);
    expect(await refusal({ logprobs: true, top_logprobs: 21 })).toEqual([...refused, 'top_logprobs']);
    expect(await refusal({ response_format: format })).toEqual([
      ...refused,
      'response_format.json_schema.schema.properties.a.pattern',
    ]);
    expect(await refusal({ tools: [{ type: 'custom', custom: { name: 'x' } }] })).toEqual([
      ...refused,
      'tools.0.type',
    ]);
    expect(await refusal({ temperature: 9 })).toEqual([400, 'invalid_request', 'temperature']);
  });

  test('a prompt it has read before, reads the new end only', async () => {
    const text = 'These words are read once. '.repeat(40);
    const first = await ask({ messages: [{ role: 'user', content: text }] });
    await ask({ messages: [{ role: 'user', content: 'Something else.' }] });
    const second = await ask({ messages: [{ role: 'user', content: `${text} And more.` }] });
    expect(first.usage?.prompt_tokens_details?.cached_tokens).toBeLessThan(20);
    expect(second.usage?.prompt_tokens_details?.cached_tokens).toBeGreaterThan(100);
  });

  test('a long prompt by somebody who leaves, stops reading in the middle of it', async () => {
    const prompt = 'a b c d e f '.repeat(600);
    const controller = new AbortController();
    const call = client.completions.create(
      { model: 'local', prompt, max_tokens: 1 },
      { signal: controller.signal },
    );
    await vi.waitFor(() => expect(gateway.gateway.queue.inFlight).toBe(1), { interval: 1 });
    controller.abort();
    await expect(call).rejects.toThrow('abort');
    await vi.waitFor(() => expect(gateway.gateway.queue.inFlight).toBe(0));
    const { usage } = await client.completions.create({ model: 'local', prompt, max_tokens: 1 });
    expect(usage?.prompt_tokens).toBeGreaterThan(3000);
    expect(usage?.prompt_tokens_details?.cached_tokens).toBeLessThan((usage?.prompt_tokens ?? 0) - 1);
  }, 20_000);

  test('more than fits, says so instead of cutting it off', async () => {
    const completion = client.completions.create({ model: 'local', prompt: 'word '.repeat(5000) });
    await expect(completion).rejects.toMatchObject({ status: 400, code: 'context_length_exceeded' });
  });

  test('bare texts, goes on with each of them', async () => {
    const { choices, usage } = await client.completions.create({
      model: 'local',
      prompt: ['One', 'Two'],
      echo: true,
      max_tokens: 2,
    });
    expect(choices.map(({ text, index }) => [index, text.slice(0, 3)])).toEqual([
      [0, 'One'],
      [1, 'Two'],
    ]);
    expect(choices[0]?.text.length).toBeGreaterThan(3);
    expect(usage?.completion_tokens).toBeGreaterThanOrEqual(2);
  });

  test('bare texts in a stream, ends with a reason and the usage', async () => {
    const stream = await client.completions.create({
      model: 'local',
      prompt: 'One',
      stream: true,
      max_tokens: 2,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.Completion[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.flatMap(({ choices }) => choices.map((one) => one.finish_reason)).at(-1)).toBe('length');
    expect(chunks.at(-1)?.usage?.completion_tokens).toBe(2);
  });

  test('vectors, gives one of length 1 for each text or list of tokens', async () => {
    const { data, usage } = await client.embeddings.create({
      model: 'local',
      input: ['a b', 'something else'],
    });
    expect(data).toHaveLength(2);
    const length = Math.hypot(...(data[0]?.embedding ?? []));
    expect(length).toBeCloseTo(1, 4);
    expect(usage.prompt_tokens).toBeGreaterThan(3);
    const strangers = client.embeddings.create({ model: 'local', input: [[1, 999_999]] });
    await expect(strangers).rejects.toMatchObject({ status: 400, code: 'unsupported' });
  });

  test('the tokens of a text, counts with its own tokenizer', async () => {
    const backend = gateway.gateway.pool.backends[0];
    const count = (text: string) => backend?.countTokens(text, AbortSignal.timeout(5000));
    expect(await count('')).toBe(0);
    expect(await count('Hello there, reader')).toBeGreaterThan(3);
  });
});
