import type { ChildProcess } from 'node:child_process';
import Anthropic from '@anthropic-ai/sdk';
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGateway, startUpstream, type TestGateway } from './testing/start-gateway.ts';

const PIXEL = 'iVBORw0KGgo=';

/** Anthropic's own client against a gateway whose upstream speaks OpenAI's wire format only. */
describe('the official Anthropic client', () => {
  let upstream: { url: string; child: ChildProcess };
  let gateway: TestGateway;
  let client: Anthropic;

  beforeAll(async () => {
    upstream = await startUpstream();
    gateway = await startGateway({ UPSTREAM_BASE_URL: `${upstream.url}/v1`, GATEWAY_API_KEY: 'sk-test' });
    client = new Anthropic({ baseURL: gateway.url, apiKey: 'sk-test', maxRetries: 0 });
    await vi.waitFor(() => expect(gateway.gateway.readiness().status).toBe('ready'));
  });

  afterAll(async () => {
    await gateway.close();
    upstream.child.kill();
  });

  type Params = Partial<Anthropic.MessageCreateParamsNonStreaming>;
  const ask = (content: Anthropic.MessageParam['content'], extra: Params = {}) => ({
    model: 'fake',
    max_tokens: 100,
    messages: [{ role: 'user' as const, content }],
    ...extra,
  });
  const tool = {
    name: 'get_weather',
    description: 'The weather of a city',
    input_schema: { type: 'object' as const, properties: { city: { type: 'string' } } },
  };

  test('gets a message', async () => {
    const { data, request_id } = await client.messages
      .create(ask('hello', { system: [{ type: 'text', text: 'Be brief.' }] }))
      .withResponse();
    expect(data).toMatchObject({
      type: 'message',
      role: 'assistant',
      model: 'fake',
      content: [{ type: 'text', text: 'SYSTEM<<>> USER<<hello>>' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
    });
    expect(data.usage.output_tokens).toBe(2);
    expect(data.usage.input_tokens).toBeGreaterThan(0);
    expect(data.id).toMatch(/^msg_[0-9a-f]{32}$/);
    expect(request_id).toMatch(/^req_[0-9a-f]{32}$/);
  });

  test.each([
    [
      'one two END three',
      { stop_sequences: ['END'] },
      { stop_reason: 'stop_sequence', stop_sequence: 'END' },
    ],
    ['one two three', { max_tokens: 2 }, { stop_reason: 'max_tokens', stop_sequence: null }],
  ])('hears why "%s" ended, streamed or not', async (text, extra, expected) => {
    expect(await client.messages.create(ask(text, extra))).toMatchObject(expected);
    expect(await client.messages.stream(ask(text, extra)).finalMessage()).toMatchObject(expected);
  });

  test('streams through its helper, thoughts first', async () => {
    const thoughts: string[] = [];
    const words: string[] = [];
    const stream = client.messages
      .stream(ask('x-fake:reason hello', { thinking: { type: 'enabled', budget_tokens: 2048 } }))
      .on('thinking', (delta) => thoughts.push(delta))
      .on('text', (delta) => words.push(delta));
    const message = await stream.finalMessage();
    expect(message.content).toMatchObject([
      { type: 'thinking', thinking: 'Let me think about it.' },
      { type: 'text', text: 'SYSTEM<<>> USER<<x-fake:reason hello>>' },
    ]);
    expect([thoughts.length, words.join('')]).toEqual([5, 'SYSTEM<<>> USER<<x-fake:reason hello>>']);
    expect(message.usage).toMatchObject({ output_tokens: 3 });
    expect(message.usage.input_tokens).toBeGreaterThan(0);
  });

  test('is told no thoughts when thinking is switched off', async () => {
    const body = ask('x-fake:reason hello', { thinking: { type: 'disabled' } });
    for (const message of [
      await client.messages.create(body),
      await client.messages.stream(body).finalMessage(),
    ])
      expect(message.content.map(({ type }) => type)).toEqual(['text']);
  });

  test('sends the events in the order of the API, each with its name', async () => {
    const response = await fetch(`${gateway.url}/v1/messages`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-api-key': 'sk-test',
        'anthropic-version': '2023-06-01',
      },
      body: JSON.stringify({ ...ask('a'), stream: true }),
    });
    const names = (await response.text()).match(/(?<=^event: ).+$/gm);
    expect(names).toEqual([
      'message_start',
      'ping',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });

  test('uses tools in a conversation, streamed or not', async () => {
    const body = ask('x-fake:tool weather', { tools: [tool] });
    for (const first of [
      await client.messages.create(body),
      await client.messages.stream(body).finalMessage(),
    ]) {
      expect(first.stop_reason).toBe('tool_use');
      const use = first.content.find((block) => block.type === 'tool_use');
      expect(use).toMatchObject({ name: 'get_weather', input: { city: 'word' } });
      const second = await client.messages.create({
        ...body,
        messages: [
          ...body.messages,
          { role: 'assistant', content: first.content },
          {
            role: 'user',
            content: [
              {
                type: 'tool_result',
                tool_use_id: use?.id ?? '',
                content: [
                  { type: 'text', text: 'sunny' },
                  { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
                ],
              },
              { type: 'text', text: 'and now?' },
            ],
          },
        ],
      });
      expect(second.content).toMatchObject([{ type: 'text' }]);
      const [answer] = second.content;
      expect(answer?.type === 'text' && answer.text).toBe(
        'SYSTEM<<>> USER<<\nand now?>> IMAGES<<data:image/png;base64,iVBORw0KGgo=(34)>> TOOL<<sunny>>',
      );
    }
  });

  test('runs tools with the helper, streamed or not, until the answer is there', async () => {
    for (const stream of [true, false]) {
      const asked: unknown[] = [];
      const weather = betaTool({
        name: 'get_weather',
        description: 'The weather of a city',
        inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
        run: (input) => {
          asked.push(input);
          return 'sunny';
        },
      });
      const runner = client.beta.messages.toolRunner({
        ...ask('x-fake:tool weather'),
        tools: [weather],
        stream,
      });
      const { content } = await runner.runUntilDone();
      expect(content).toMatchObject([
        { type: 'text', text: 'SYSTEM<<>> USER<<x-fake:tool weather>> TOOL<<sunny>>' },
      ]);
      expect(asked).toEqual([{ city: 'word' }]);
    }
  });

  test('takes what a coding agent sends: cached system blocks, adaptive thought', async () => {
    const cache_control = { type: 'ephemeral' as const };
    const body = {
      ...ask([{ type: 'text', text: 'hi', cache_control }]),
      system: [{ type: 'text' as const, text: 'You are an agent.', cache_control }],
      tools: [{ ...tool, cache_control }],
      thinking: { type: 'adaptive' as const },
      metadata: { user_id: 'user_1' },
      betas: ['context-management-2025-06-27'],
      context_management: { edits: [{ type: 'clear_thinking_20251015' as const, keep: 'all' as const }] },
    };
    const message = await client.beta.messages.stream(body).finalMessage();
    expect(message).toMatchObject({ stop_reason: 'end_turn', content: [{ text: 'SYSTEM<<>> USER<<hi>>' }] });
  });

  test.each([
    [{ type: 'any' as const }, ['get_weather']],
    [{ type: 'tool' as const, name: 'other' }, ['other']],
    [{ type: 'none' as const }, []],
    [{ type: 'auto' as const }, []],
  ])('chooses tools by %j', async (tool_choice, expected) => {
    const tools = [tool, { ...tool, name: 'other' }];
    const { content } = await client.messages.create(ask('go', { tools, tool_choice }));
    expect(content.flatMap((block) => (block.type === 'tool_use' ? [block.name] : []))).toEqual(expected);
  });

  test('gets several tools called in a stream, one block after the other', async () => {
    const tools = [tool, { ...tool, name: 'other' }];
    const message = await client.messages.stream(ask('x-fake:tools go', { tools })).finalMessage();
    expect(message.content).toMatchObject([
      { type: 'tool_use', name: 'get_weather', input: { city: 'word' } },
      { type: 'tool_use', name: 'other', input: { city: 'word' } },
    ]);
  });

  test('sends pictures from bytes and from addresses, and documents of text', async () => {
    const { content } = await client.messages.create(
      ask([
        {
          type: 'document',
          title: 'Note',
          source: { type: 'text', media_type: 'text/plain', data: 'Hi there.' },
        },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
        { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
      ]),
    );
    const [block] = content;
    const text = block?.type === 'text' ? block.text : '';
    expect(text).toContain('Note\n\nHi there.');
    expect(text).toContain('data:image/png;base64,iVBORw0KGgo=(34),https://example.com/a.png(25)');
  });

  test('keeps to a schema', async () => {
    const schema = {
      type: 'object',
      properties: { n: { type: 'integer' } },
      required: ['n'],
      additionalProperties: false,
    };
    const body = ask('a number', { output_config: { format: { type: 'json_schema', schema } } });
    const { content } = await client.messages.create(body);
    expect(content).toMatchObject([{ type: 'text', text: '{"n":7}' }]);
  });

  test('counts tokens', async () => {
    const count = async (content: string) =>
      (
        await client.messages.countTokens({
          model: 'fake',
          messages: [{ role: 'user', content }],
          tools: [tool],
        })
      ).input_tokens;
    expect(await count('hello')).toBeGreaterThan(10);
    expect(await count('hello '.repeat(1000))).toBeGreaterThan(900);
  });

  describe('hears of failures as Anthropic tells them:', () => {
    test.each([
      [
        'a wrong role',
        ask('x', { messages: [{ role: 'robot' as 'user', content: 'x' }] }),
        400,
        'invalid_request_error',
      ],
      [
        'an own tool',
        ask('x', { tools: [{ type: 'bash_20250124', name: 'bash' }] }),
        400,
        'invalid_request_error',
      ],
      ['a cut upstream', ask('x-fake:cut a b c'), 502, 'api_error'],
    ])('%s', async (_what, body, status, type) => {
      const call = client.messages.create(body);
      await expect(call).rejects.toMatchObject({
        status,
        error: {
          type: 'error',
          error: { type, message: expect.any(String) },
          request_id: expect.any(String),
        },
      });
    });

    test('a wrong key', async () => {
      const stranger = new Anthropic({ baseURL: gateway.url, apiKey: 'wrong', maxRetries: 0 });
      const call = stranger.messages.create(ask('x'));
      await expect(call).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
      await expect(call).rejects.toMatchObject({ type: 'authentication_error' });
    });

    test('an error in the middle of a stream', async () => {
      const stream = client.messages.stream(ask('x-fake:error-event one two three'));
      await expect(stream.finalMessage()).rejects.toThrow('The fake upstream fails in the middle.');
      await expect(stream.finalMessage()).rejects.toMatchObject({
        error: { type: 'error', error: { type: 'api_error' } },
      });
    });

    test('a gateway that shuts down is overloaded', async () => {
      const other = await startGateway({ UPSTREAM_BASE_URL: `${upstream.url}/v1` });
      await other.gateway.drain(0, new Error('test'));
      const patient = new Anthropic({ baseURL: other.url, apiKey: 'none', maxRetries: 0 });
      const call = patient.messages.create(ask('x'));
      await expect(call).rejects.toMatchObject({ status: 529, type: 'overloaded_error' });
      await other.close();
    });
  });
});
