import type { ChildProcess } from 'node:child_process';
import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import type { RunnableToolFunctionWithParse } from 'openai/lib/RunnableFunction';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { startGateway, startUpstream, type TestGateway } from './testing/start-gateway.ts';

/** OpenAI's own client against a gateway on a socket, before an upstream that is a process of its own. */
describe('the official OpenAI client', () => {
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

  const user = (content: string) => [{ role: 'user' as const, content }];
  const weather = {
    type: 'function' as const,
    function: {
      name: 'get_weather',
      description: 'How the weather will be.',
      parameters: {
        type: 'object' as const,
        properties: { city: { type: 'string' as const }, days: { type: 'integer' as const } },
        required: ['city'],
      },
    },
  };

  describe('chat completions', () => {
    test('get reasoning, log probabilities, stops, seeds and several choices through', async () => {
      const { choices } = await client.chat.completions.create({
        model: 'fake',
        messages: user('x-fake:reason one two END three'),
        logprobs: true,
        top_logprobs: 2,
        n: 2,
        seed: 4,
        stop: ['END'],
      });
      expect(choices).toHaveLength(2);
      expect(choices[0]?.message).toMatchObject({
        content: 'SYSTEM<<>> USER<<x-fake:reason one two ',
        reasoning_content: 'Let me think about it.',
      });
      expect(choices[1]?.logprobs?.content?.[0]).toMatchObject({ token: 'SYSTEM<<>> ', logprob: -0.5 });
    });

    test('show the usage of a stream to who asked for it, and to nobody else', async () => {
      const usages = async (extra: object): Promise<unknown[]> => {
        const body = { model: 'fake', messages: user('hello'), stream: true as const, ...extra };
        const found: unknown[] = [];
        for await (const chunk of await client.chat.completions.create(body))
          if (chunk.choices.length === 0) found.push(chunk.usage?.completion_tokens);
        return found;
      };
      expect(await usages({})).toEqual([]);
      expect(await usages({ stream_options: { include_usage: false } })).toEqual([]);
      expect(await usages({ stream_options: { include_usage: true } })).toEqual([2]);
    });

    test('run tools with the helper, streamed or not, until the answer is there', async () => {
      for (const stream of [true, false]) {
        const asked: unknown[] = [];
        const tool: RunnableToolFunctionWithParse<object> = {
          type: 'function',
          function: {
            ...weather.function,
            parse: (text) => JSON.parse(text) as object,
            function: (args) => {
              asked.push(args);
              return 'sunny';
            },
          },
        };
        const body = { model: 'fake', messages: user('x-fake:tool weather'), tools: [tool] };
        const runner = stream
          ? client.chat.completions.runTools({ ...body, stream: true })
          : client.chat.completions.runTools(body);
        expect(await runner.finalContent()).toBe('SYSTEM<<>> USER<<x-fake:tool weather>> TOOL<<sunny>>');
        expect(asked).toEqual([{ city: 'word', days: 7 }]);
      }
    });

    test('call several tools, the chosen one, or none', async () => {
      const other = { type: 'function' as const, function: { name: 'other' } };
      const names = async (content: string, tool_choice: OpenAI.ChatCompletionToolChoiceOption) => {
        const body = { model: 'fake', messages: user(content), tools: [weather, other], tool_choice };
        const { choices } = await client.chat.completions.create(body);
        return choices[0]?.message.tool_calls?.map((call) =>
          call.type === 'function' ? call.function.name : '',
        );
      };
      expect(await names('x-fake:tools go', 'auto')).toEqual(['get_weather', 'other']);
      expect(await names('go', 'required')).toEqual(['get_weather']);
      expect(await names('go', { type: 'function', function: { name: 'other' } })).toEqual(['other']);
      expect(await names('x-fake:tools go', 'none')).toBeUndefined();
    });

    test('parse answers that keep to a schema, streamed or not', async () => {
      const Event = z.object({ name: z.string(), guests: z.array(z.number()), open: z.boolean() });
      const body = {
        model: 'fake',
        messages: user('An event'),
        response_format: zodResponseFormat(Event, 'event'),
      };
      const expected = { name: 'word', guests: [7], open: true };
      const parsed = await client.chat.completions.parse(body);
      expect(parsed.choices[0]?.message.parsed).toEqual(expected);
      const streamed = await client.chat.completions.stream(body).finalChatCompletion();
      expect(streamed.choices[0]?.message.parsed).toEqual(expected);
    });

    test('send images', async () => {
      const image_url = { url: 'data:image/png;base64,iVBORw0KGgo=' };
      const content = [
        { type: 'text' as const, text: 'What is this?' },
        { type: 'image_url' as const, image_url },
      ];
      const { choices } = await client.chat.completions.create({
        model: 'fake',
        messages: [{ role: 'user', content }],
      });
      expect(choices[0]?.message.content).toContain('IMAGES<<data:image/png;base64,iVBORw0KGgo=(34)>>');
    });

    test('stream although the upstream does not, and the other way round', async () => {
      const stream = client.chat.completions.stream({ model: 'fake', messages: user('x-fake:plain hi') });
      expect(await stream.finalContent()).toBe('SYSTEM<<>> USER<<x-fake:plain hi>>');
      const whole = await client.chat.completions.create({ model: 'fake', messages: user('x-fake:sse hi') });
      expect(whole.choices[0]).toMatchObject({
        message: { role: 'assistant', content: 'SYSTEM<<>> USER<<x-fake:sse hi>>' },
        finish_reason: 'stop',
      });
    });

    test('hear of an error in the middle of a stream', async () => {
      const stream = await client.chat.completions.create({
        model: 'fake',
        messages: user('x-fake:error-event one two three'),
        stream: true,
      });
      const read = async (): Promise<void> => {
        for await (const _chunk of stream);
      };
      await expect(read()).rejects.toThrow('The fake upstream fails in the middle.');
    });
  });

  describe('completions', () => {
    test('continue texts, lists of them and tokens', async () => {
      const texts = async (prompt: string | string[] | number[] | number[][]) =>
        (await client.completions.create({ model: 'fake', prompt })).choices.map(({ text }) => text.trim());
      expect(await texts('a')).toEqual(['PROMPT<<a>>']);
      expect(await texts(['a', 'b'])).toEqual(['PROMPT<<a>>', 'PROMPT<<b>>']);
      expect(await texts([1, 2])).toEqual(['PROMPT<<1,2>>']);
      expect(await texts([[1], [2]])).toEqual(['PROMPT<<1>>', 'PROMPT<<2>>']);
    });

    test('echo a list of prompts, with log probabilities', async () => {
      const { choices } = await client.completions.create({
        model: 'fake',
        prompt: ['a', 'b'],
        echo: true,
        logprobs: 1,
      });
      expect(choices.map(({ index, text }) => [index, text])).toEqual([
        [0, 'a PROMPT<<a>>'],
        [1, 'b PROMPT<<b>>'],
      ]);
      expect(choices[0]?.logprobs?.token_logprobs).toEqual([-0.5, -0.5]);
    });

    test.each(['a b', 'x-fake:plain b'])('stream %s', async (prompt) => {
      const stream = await client.completions.create({ model: 'fake', prompt, stream: true });
      let text = '';
      let end: string | null | undefined;
      for await (const { choices } of stream) {
        text += choices[0]?.text ?? '';
        end = choices[0]?.finish_reason ?? end;
      }
      expect([text.trim(), end]).toEqual([`PROMPT<<${prompt}>>`, 'stop']);
    });
  });

  describe('embeddings', () => {
    test.each(['hello', 'x-fake:floats'])('are the same numbers in both encodings for %s', async (input) => {
      const ask = async (encoding_format?: 'float' | 'base64') =>
        (
          await client.embeddings.create({
            model: 'fake',
            input,
            dimensions: 4,
            ...(encoding_format && { encoding_format }),
          })
        ).data[0]?.embedding;
      const floats = await ask('float');
      expect(floats).toHaveLength(4);
      expect(await ask()).toEqual(floats);
      expect(await ask('base64')).toBe(
        Buffer.from(Float32Array.from(floats as number[]).buffer).toString('base64'),
      );
    });

    test('take lists of texts and of tokens', async () => {
      for (const input of [
        ['a', 'b'],
        [[1, 2], [3]],
      ]) {
        const { data } = await client.embeddings.create({ model: 'fake', input: input as string[] });
        expect(data.map(({ index }) => index)).toEqual([0, 1]);
      }
    });
  });

  test.each([
    [
      '/chat/completions',
      { messages: [{ role: 'user', content: 'x' }], tools: [{ type: 'function' }] },
      'tools.0.function',
    ],
    [
      '/chat/completions',
      { messages: [{ role: 'user', content: 'x' }], tool_choice: 'perhaps' },
      'tool_choice',
    ],
    [
      '/chat/completions',
      { messages: [{ role: 'user', content: [{ text: 'x' }] }] },
      'messages.0.content.0.type',
    ],
    ['/chat/completions', { messages: [{ role: 'user', content: 'x' }], stop: [1] }, 'stop.0'],
    ['/chat/completions', { messages: [{ role: 'user', content: 'x' }], seed: 'x' }, 'seed'],
    ['/chat/completions', { messages: [{ role: 'user', content: 'x' }], n: 0 }, 'n'],
    ['/chat/completions', { messages: [{ role: 'user', content: 'x' }], logprobs: 3 }, 'logprobs'],
    [
      '/chat/completions',
      { messages: [{ role: 'user', content: 'x' }], response_format: { type: 'json_schema' } },
      'response_format.json_schema',
    ],
    ['/completions', { prompt: [] }, 'prompt'],
    ['/completions', { prompt: ['a', 1] }, 'prompt'],
    ['/embeddings', { input: [[1, 'a']] }, 'input'],
    ['/embeddings', { input: 'a', encoding_format: 'hex' }, 'encoding_format'],
  ])('is told of %s %j which field is wrong', async (path, body, param) => {
    const call = client.post(path, { body: { model: 'fake', ...body } });
    await expect(call).rejects.toMatchObject({ status: 400, code: 'invalid_request', param });
    await expect(call).rejects.toThrow(`"${param}" is not as the API wants it`);
  });
});
