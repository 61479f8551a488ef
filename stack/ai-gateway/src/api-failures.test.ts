import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './testing/start-gateway.ts';

const OPENAI = {
  error: {
    message: expect.any(String),
    type: expect.any(String),
    code: expect.any(String),
    param: expect.toSatisfy((param) => param === null || typeof param === 'string'),
  },
};
const ANTHROPIC = {
  type: 'error',
  error: { type: expect.any(String), message: expect.any(String) },
  request_id: expect.any(String),
};
const PATHS = [
  'chat/completions',
  'completions',
  'embeddings',
  'responses',
  'messages',
  'messages/count_tokens',
];
const APIS = PATHS.map((path) => [`/v1/${path}`, path.startsWith('messages') ? ANTHROPIC : OPENAI] as const);

/** Failures that no API sees itself: each must come in the envelope of the API that was called all the same. */
describe('failures before a request is understood', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await startGateway({ GATEWAY_API_KEY: 'sk-test' }, { backends: [], bodyLimitBytes: 4096 });
  });
  afterAll(() => gateway.close());

  const send = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: 'Bearer sk-test', 'content-type': 'application/json', ...init.headers };
    const response = await fetch(gateway.url + path, { method: 'POST', ...init, headers });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as { error: { message: string } },
    };
  };

  describe.each(APIS)('%s', (path, envelope) => {
    test.each<[string, RequestInit, number, RegExp]>([
      ['bad JSON', { body: '{"a":' }, 400, /not valid JSON/],
      ['no body', { body: '' }, 400, /must be a JSON object with "/],
      ['a list', { body: '[]' }, 400, /must be a JSON object with "/],
      [
        'nesting without end',
        { body: '['.repeat(2000) + ']'.repeat(2000) },
        400,
        /nested deeper than 100 levels/,
      ],
      [
        'a body that is too large',
        { body: JSON.stringify({ a: 'x'.repeat(5000) }) },
        413,
        /larger than the gateway/,
      ],
      [
        'another content type',
        { body: 'a=1', headers: { 'content-type': 'text/plain' } },
        415,
        /application\/json/,
      ],
      ['a compressed body', { body: 'x', headers: { 'content-encoding': 'gzip' } }, 415, /encoded as gzip/],
      ['another method', { method: 'GET' }, 405, /does not take GET\. It takes POST/],
      ['no key', { body: '{}', headers: { authorization: '' } }, 401, /asks for an API key/],
      ['a wrong key', { body: '{}', headers: { authorization: '', 'x-api-key': 'no' } }, 401, /not one of/],
    ])('tells of %s in its own envelope', async (_what, init, status, words) => {
      const answer = await send(path, init);
      expect(answer).toMatchObject({ status, body: envelope });
      expect(answer.body.error.message).toMatch(words);
      const name = path.startsWith('/v1/messages') ? 'request-id' : 'x-request-id';
      expect(answer.headers.get(name)).toMatch(/^req_/);
      if (status === 405) expect(answer.headers.get('allow')).toBe('POST');
    });

    test('tells of a path below it that is not there', async () => {
      expect(await send(`${path}/nowhere`)).toMatchObject({ status: 404, body: envelope });
    });
  });

  test('answers in the form of Anthropic to whoever names its version', async () => {
    const headers = { 'anthropic-version': '2023-06-01' };
    expect(await send('/v1/nowhere', { headers })).toMatchObject({ status: 404, body: ANTHROPIC });
    expect(await send('/v1/nowhere')).toMatchObject({ status: 404, body: OPENAI });
    expect(await send('/v1/models', { method: 'GET', headers })).toMatchObject({
      status: 200,
      body: { data: [], has_more: false },
    });
    const missing = await send('/v1/models/a%2Fb', { method: 'GET', headers });
    expect(missing).toMatchObject({ status: 404, body: { error: { type: 'not_found_error' } } });
    expect(missing.body.error.message).toContain('"a/b"');
  });

  test('answers in its envelope to an address that cannot be decoded', async () => {
    const { port } = gateway.app.server.address() as AddressInfo;
    const body = await new Promise<string>((resolve, reject) => {
      const headers = { authorization: 'Bearer sk-test' };
      const request = httpRequest({ port, path: '/v1/models/%zz', headers }, (response) => {
        let text = '';
        response.on('data', (part) => {
          text += String(part);
        });
        response.on('end', () => resolve(text));
      });
      request.on('error', reject).end();
    });
    expect(JSON.parse(body)).toMatchObject(OPENAI);
  });

  test('answers in its envelope to what is no HTTP', async () => {
    const { port } = gateway.app.server.address() as AddressInfo;
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('NOT HTTP\r\n\r\n'));
      let received = '';
      socket.on('data', (part) => {
        received += String(part);
      });
      socket.on('close', () => resolve(received)).on('error', reject);
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n')))).toMatchObject(OPENAI);
  });
});

describe('limits of a request', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway.close());

  const message = { role: 'user', content: 'x' };
  const deep = (depth: number): object => (depth === 0 ? {} : { items: deep(depth - 1) });
  const wide = (count: number): object => ({ enum: Array.from({ length: count }, (_, index) => index) });
  const tool = (parameters: object) => ({ type: 'function', function: { name: 'f', parameters } });
  const many = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

  test.each<[string, string, object, string]>([
    ['messages', '/v1/chat/completions', { messages: many(10_001, message) }, 'messages'],
    [
      'parts',
      '/v1/chat/completions',
      { messages: [{ role: 'user', content: many(2001, { type: 'text' }) }] },
      'messages.0.content',
    ],
    ['tools', '/v1/chat/completions', { messages: [message], tools: many(513, tool({})) }, 'tools'],
    [
      'depth of a schema',
      '/v1/chat/completions',
      { messages: [message], tools: [tool(deep(70))] },
      'tools.0.function.parameters',
    ],
    [
      'size of a schema',
      '/v1/chat/completions',
      { messages: [message], tools: [tool(wide(20_001))] },
      'tools.0.function.parameters',
    ],
    ['stops', '/v1/chat/completions', { messages: [message], stop: many(65, 'x') }, 'stop'],
    ['prompts', '/v1/completions', { prompt: many(2049, 'x') }, 'prompt'],
    ['inputs', '/v1/embeddings', { input: many(2049, 'x') }, 'input'],
    ['items', '/v1/responses', { input: many(10_001, message) }, 'input'],
    [
      'parts of an item',
      '/v1/responses',
      { input: [{ role: 'user', content: many(2001, { type: 'input_text', text: '' }) }] },
      'input.0.content',
    ],
    [
      'blocks',
      '/v1/messages',
      { messages: [{ role: 'user', content: many(2001, { type: 'text', text: '' }) }] },
      'messages.0.content',
    ],
    [
      'depth of an input schema',
      '/v1/messages',
      { messages: [message], tools: [{ name: 'f', input_schema: deep(70) }] },
      'tools.0.input_schema',
    ],
    [
      'thoughts',
      '/v1/responses',
      { input: [{ type: 'reasoning', content: many(200_000, { text: '' }) }] },
      'input.0.content',
    ],
    [
      'blocks of a result',
      '/v1/messages',
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'tool_result', tool_use_id: 'x', content: many(200_000, { type: 'text', text: '' }) },
            ],
          },
        ],
      },
      'messages.0.content.0.content',
    ],
  ])('bounds %s on %s', async (_what, url, payload, param) => {
    const response = await gateway.app.inject({ method: 'POST', url, payload });
    expect([response.statusCode, response.json().error.param]).toEqual([400, param]);
  });

  test.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'takes the key %s anywhere without harm',
    async (key) => {
      const evil = `{"${key}":{"polluted":true,"prototype":{"polluted":true}}}`;
      const bodies = [
        [
          '/v1/chat/completions',
          `{"messages":[{"role":"user","content":"x","${key}":${evil}}],"${key}":${evil},"tools":[${evil}]}`,
        ],
        ['/v1/completions', `{"prompt":"x","${key}":${evil}}`],
        ['/v1/embeddings', `{"input":"x","${key}":${evil}}`],
        ['/v1/responses', `{"input":[${evil}],"${key}":${evil},"metadata":{"${key}":"x"}}`],
        ['/v1/messages', `{"messages":[{"role":"user","content":[${evil}]}],"${key}":${evil}}`],
        ['/admin/skills/reload', evil],
        ['/admin/secrets', evil],
      ] as const;
      for (const [url, payload] of bodies) {
        const method = url === '/admin/secrets' ? 'PUT' : 'POST';
        const headers = { 'content-type': 'application/json' };
        const response = await gateway.app.inject({ method, url, payload, headers });
        expect(response.statusCode).not.toBe(500);
      }
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
      expect((Object as unknown as { polluted?: boolean }).polluted).toBeUndefined();
    },
  );
});
