import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../gateway-error.ts';
import type { JsonObject } from '../../../json.ts';
import type { ChatMessage } from '../../../pipeline/generation-request.ts';
import { ToWorkerSchema } from '../worker-protocol.ts';
import { toChatAsks, toCompleteAsks } from './to-asks.ts';

const hello: ChatMessage = { role: 'user', content: 'hi' };
const chat = (fields: JsonObject, messages: ChatMessage[] = [hello]) =>
  toChatAsks({
    operation: 'chat',
    model: undefined,
    messages,
    skills: 'none',
    conversation: undefined,
    stream: false,
    fields,
  });
const complete = (fields: JsonObject, prompt: unknown = 'hi') =>
  toCompleteAsks({ operation: 'text_completion', model: undefined, prompt, stream: false, fields });

describe('what is asked of the model', () => {
  test('has an id of its own, each choice of each prompt', () => {
    const asks = [...chat({ n: 3 }), ...complete({ n: 3 }, ['a', 'b']), ...complete({ n: 3 }, ['a', 'b'])];
    expect(new Set(asks.map(({ id }) => id)).size).toBe(15);
  });

  test.each([0, -1, 129, 500_000_000, 1.5, '2', Number.NaN, [2]])('is not %j answers', (n) => {
    const refusal = expect.objectContaining({ code: 'invalid_request', param: 'n' });
    expect(() => chat({ n })).toThrow(refusal);
    expect(() => complete({ n })).toThrow(refusal);
  });

  test.each([1.5, Number.POSITIVE_INFINITY, 'x', {}])('has no seed %j', (seed) => {
    const refusal = expect.objectContaining({ code: 'invalid_request', param: 'seed' });
    expect(() => chat({ seed })).toThrow(refusal);
  });

  test.each([0, 7e-46, 1e-9])('is the likeliest at temperature %d', (temperature) => {
    expect(chat({ temperature })[0]?.sampling).toEqual({ temperature: 0 });
  });

  test('takes no tool whose name cannot be written in a call', () => {
    const named = (name: string) => chat({ tools: [{ type: 'function', function: { name } }] });
    for (const name of [' ', 'a b', 'a\n', 'f(', '"', '']) expect(() => named(name)).toThrow('by the name');
    for (const name of ['get_weather', 'mcp.server:tool/x-1', 'wetter_für', '天气'])
      expect(named(name)[0]?.tools).toEqual([{ name }]);
  });

  test('is not stopped in the middle of a call that must be', () => {
    const tools = [{ type: 'function', function: { name: 'f' } }];
    expect(chat({ tools, tool_choice: 'required', stop: 'a' })[0]?.sampling).toEqual({});
    expect(chat({ tools, stop: 'a' })[0]?.sampling).toEqual({ stop: ['a'] });
  });

  test('keeps arguments of a call as text where they are too deep to be sent on', () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000);
    const calls = [deep, '{"a":1}', 'no JSON', ''].map((given, index) => ({
      id: index,
      function: { name: 'f', arguments: given },
    }));
    const [ask] = chat({}, [{ role: 'assistant', content: null, tool_calls: calls }]);
    expect(ask?.messages[0]).toMatchObject({
      calls: [{ id: '0', params: deep }, { params: { a: 1 } }, { params: 'no JSON' }, { params: '' }],
    });
    expect(JSON.stringify(ask)).toContain('no JSON');
  });
});

/** Two of three are what no text can be made of, or near to what is expected. */
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>({ toString: 1 }, { toString: null, valueOf: null }, 1e308, -1, 2.5, 0, '', [], {}),
  fc.constantFrom<unknown>(true, null, 1, 2, 'none', ['a'], { type: 'text' }, { type: { toString: 1 } }),
);
const FIELDS = [
  ...['audio', 'modalities', 'web_search_options', 'functions', 'best_of', 'n', 'logprobs', 'top_logprobs'],
  ...['max_tokens', 'max_completion_tokens', 'temperature', 'top_p', 'top_k', 'min_p', 'seed', 'stop'],
  ...['frequency_penalty', 'presence_penalty', 'repeat_penalty', 'logit_bias', 'reasoning_effort'],
  ...['response_format', 'tools', 'tool_choice', 'parallel_tool_calls', 'echo', 'suffix', 'stream_options'],
];
const fields = fc.dictionary(fc.constantFrom(...FIELDS), odd, { maxKeys: 4 });
const tool = fc.record({
  type: fc.constantFrom<unknown>('function', 'custom', { toString: 1 }),
  function: fc.record({ name: odd, description: odd, parameters: odd, strict: odd }),
});
const message = fc
  .record({
    role: fc.constantFrom('system', 'user', 'assistant', 'tool', 'function'),
    content: fc.oneof(odd, fc.array(fc.record({ type: odd, text: odd, refusal: odd }), { maxLength: 2 })),
    tool_call_id: odd,
    tool_calls: fc.oneof(odd, fc.array(fc.record({ id: odd, function: odd }), { maxLength: 2 })),
  })
  .map((made) => made as ChatMessage);

describe('nothing that a caller sends', () => {
  const check = (make: () => unknown[]): void => {
    try {
      for (const ask of make()) ToWorkerSchema.parse(JSON.parse(JSON.stringify(ask)));
    } catch (error) {
      expect(error).toBeInstanceOf(GatewayError);
    }
  };

  test('as a chat fails the schema of the worker, or fails without a word for the caller', () => {
    fc.assert(
      fc.property(fields, fc.array(message, { minLength: 1, maxLength: 2 }), (given, messages) =>
        check(() => chat(given, messages)),
      ),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(fc.array(tool, { maxLength: 2 }), odd, (tools, choice) =>
        check(() => chat({ tools, tool_choice: choice })),
      ),
      { numRuns: 1000 },
    );
  });

  test('as a completion does so', () => {
    fc.assert(
      fc.property(fields, (given) => check(() => complete(given))),
      { numRuns: 2000 },
    );
  });
});
