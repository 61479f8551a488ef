import type { ChildProcess } from 'node:child_process';
import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { startGateway, startUpstream, type TestGateway } from './testing/start-gateway.ts';

type Params = OpenAI.Responses.ResponseCreateParamsNonStreaming;

/** OpenAI's own client and its responses API against a gateway whose upstream speaks chat completions only. */
describe('the responses of the official OpenAI client', () => {
  let upstream: { url: string; child: ChildProcess };
  let gateway: TestGateway;
  let client: OpenAI;

  beforeAll(async () => {
    upstream = await startUpstream();
    gateway = await startGateway({ UPSTREAM_BASE_URL: `${upstream.url}/v1`, GATEWAY_API_KEY: 'sk-test' });
    client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'sk-test', maxRetries: 0 });
    await vi.waitFor(() => expect(gateway.gateway.readiness().status).toBe('ready'));
  });

  afterAll(async () => {
    await gateway.close();
    upstream.child.kill();
  });

  const tool = {
    type: 'function' as const,
    name: 'get_weather',
    description: 'How the weather will be.',
    strict: false,
    parameters: { type: 'object', properties: { city: { type: 'string' } } },
  };
  /** What the whole answer and the stream's helper make of the same request; ids and times aside. */
  const both = async (body: Params): Promise<OpenAI.Responses.Response[]> => [
    await client.responses.create(body),
    (await client.responses.stream({ ...body, stream: true }).finalResponse()) as OpenAI.Responses.Response,
  ];

  test('tell text, echo the request and count tokens, streamed or not', async () => {
    const body = {
      model: 'fake',
      instructions: 'Be brief.',
      input: 'hello',
      metadata: { team: 'a' },
      max_output_tokens: 50,
      temperature: 0.5,
    };
    for (const response of await both(body)) {
      expect(response).toMatchObject({
        object: 'response',
        status: 'completed',
        model: 'fake',
        output_text: 'SYSTEM<<>> USER<<hello>>',
        output: [{ type: 'message', role: 'assistant', status: 'completed' }],
        instructions: 'Be brief.',
        metadata: { team: 'a' },
        max_output_tokens: 50,
        temperature: 0.5,
        store: false,
        error: null,
        incomplete_details: null,
      });
      expect(response.id).toMatch(/^resp_[0-9a-f]{32}$/);
      expect(response.usage).toMatchObject({ output_tokens: 2 });
      expect(response.usage?.total_tokens).toBe((response.usage?.input_tokens ?? 0) + 2);
    }
  });

  test('say that they are incomplete', async () => {
    for (const response of await both({ model: 'fake', input: 'one two three', max_output_tokens: 2 }))
      expect(response).toMatchObject({
        status: 'incomplete',
        incomplete_details: { reason: 'max_output_tokens' },
        output: [{ status: 'incomplete' }],
      });
  });

  test('tell thoughts as an item of their own, and log probabilities where asked for', async () => {
    for (const { output } of await both({ model: 'fake', input: 'x-fake:reason hi', top_logprobs: 1 }))
      expect(output).toMatchObject([
        { type: 'reasoning', content: [{ type: 'reasoning_text', text: 'Let me think about it.' }] },
        { type: 'message', content: [{ type: 'output_text', logprobs: [{ logprob: -0.5 }, {}, {}] }] },
      ]);
  });

  test('call tools and go on with their results', async () => {
    const body = { model: 'fake', input: 'x-fake:tool weather', tools: [tool] };
    for (const first of await both(body)) {
      const [call] = first.output;
      expect(call).toMatchObject({
        type: 'function_call',
        name: 'get_weather',
        arguments: '{"city":"word"}',
      });
      const call_id = call?.type === 'function_call' ? call.call_id : '';
      const second = await client.responses.create({
        ...body,
        input: [
          { role: 'user', content: 'x-fake:tool weather' },
          ...(first.output as OpenAI.Responses.ResponseInputItem[]),
          { type: 'function_call_output', call_id, output: 'sunny' },
        ],
      });
      expect(second.output_text).toBe('SYSTEM<<>> USER<<x-fake:tool weather>> TOOL<<sunny>>');
    }
  });

  test('call several tools side by side, or the one that is chosen', async () => {
    const names = (responses: OpenAI.Responses.Response[]) =>
      responses.map(({ output }) =>
        output.map((item) => (item.type === 'function_call' ? item.name : item.type)),
      );
    const tools = [tool, { ...tool, name: 'other' }];
    const all = await both({ model: 'fake', input: 'x-fake:tools', tools });
    expect(names(all)).toEqual(Array(2).fill(['get_weather', 'other']));
    const tool_choice = { type: 'function' as const, name: 'other' };
    expect(names(await both({ model: 'fake', input: 'go', tools, tool_choice }))).toEqual(
      Array(2).fill(['other']),
    );
  });

  test('parse what keeps to a schema', async () => {
    const format = zodTextFormat(z.object({ name: z.string(), n: z.number() }), 'event');
    const parsed = await client.responses.parse({ model: 'fake', input: 'An event', text: { format } });
    expect(parsed.output_parsed).toEqual({ name: 'word', n: 7 });
  });

  test('take pictures', async () => {
    const { output_text: text } = await client.responses.create({
      model: 'fake',
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'What is it?' },
            { type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'auto' },
          ],
        },
      ],
    });
    expect(text).toContain('IMAGES<<data:image/png;base64,AA==(26)>>');
  });

  test('send the events in the order of the API, numbered through', async () => {
    const stream = await client.responses.create({ model: 'fake', input: 'x-fake:reason hi', stream: true });
    const events: OpenAI.Responses.ResponseStreamEvent[] = [];
    for await (const event of stream) events.push(event);
    expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, index) => index));
    const names = events.map(({ type }) => type).filter((name, index, all) => name !== all[index - 1]);
    expect(names).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.reasoning_text.delta',
      'response.reasoning_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
  });

  test('that break off end with response.failed and an error that the client throws', async () => {
    const response = await fetch(`${gateway.url}/v1/responses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sk-test' },
      body: JSON.stringify({ model: 'fake', input: 'x-fake:error-event one two three', stream: true }),
    });
    const text = await response.text();
    expect(text.match(/(?<=^event: ).+$/gm)?.slice(-2)).toEqual(['response.failed', 'error']);
    const failed = JSON.parse(/^data: (.*"response\.failed".*)$/m.exec(text)?.[1] ?? '{}');
    expect(failed.response).toMatchObject({ status: 'failed', error: { code: 'server_error' } });
    const stream = client.responses.stream({ model: 'fake', input: 'x-fake:error-event one two three' });
    await expect(stream.finalResponse()).rejects.toThrow('The fake upstream fails in the middle.');
  });

  test.each<[object, string, string]>([
    [{ previous_response_id: 'resp_1' }, 'previous_response_id', 'it keeps no answers'],
    [{ conversation: 'conv_1' }, 'conversation', 'it keeps no answers'],
    [{ background: true }, 'background', 'in the background'],
    [{ truncation: 'auto' }, 'truncation', 'leave out what is too long'],
    [{ tools: [{ type: 'web_search' }] }, 'tools.0.type', 'offer the tool "web_search"'],
    [{ input: [{ type: 'item_reference', id: 'x' }] }, 'input.0.type', 'look up stored items'],
    [
      { input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'f' }] }] },
      'input.0.content.0.file_id',
      'uploaded',
    ],
  ])('refuse %j by name', async (extra, param, words) => {
    const call = client.responses.create({ model: 'fake', input: 'hi', ...extra } as Params);
    await expect(call).rejects.toMatchObject({ status: 400, code: 'unsupported', param });
    await expect(call).rejects.toThrow(words);
  });

  test.each<[object, string]>([
    [{ input: [] }, 'input'],
    [{ input: [{ role: 'robot', content: 'x' }] }, 'input.0.role'],
    [{ input: [{ role: 'user', content: 7 }] }, 'input.0.content'],
    [{ input: [{ type: 'function_call', call_id: 'c', name: 'f' }] }, 'input.0.arguments'],
    [{ tools: [{ type: 'function' }] }, 'tools.0.name'],
    [{ text: { format: { type: 'json_schema' } } }, 'text.format.schema'],
  ])('name the field that is wrong in %j', async (extra, param) => {
    const call = client.responses.create({ model: 'fake', input: 'hi', ...extra } as Params);
    await expect(call).rejects.toMatchObject({ status: 400, code: 'invalid_request', param });
  });
});
