import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from './json.ts';
import { startGateway, type TestGateway } from './testing/start-gateway.ts';
import { startUpstreamStub, type UpstreamStub } from './testing/start-upstream-stub.ts';

let upstream: UpstreamStub;
let gateway: TestGateway | undefined;
let bodies: JsonObject[] = [];
let traces: string[][] = [];

beforeEach(async () => {
  upstream = await startUpstreamStub();
  const answer = upstream.handle;
  bodies = [];
  traces = [];
  upstream.handle = (request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      bodies.push(JSON.parse(text));
      const { traceparent, tracestate } = request.headers;
      traces.push([String(traceparent), String(tracestate)]);
      answer(request, response);
    });
  };
});
afterEach(async () => {
  await gateway?.close();
  await upstream.close();
});

async function open(backend: object = {}): Promise<TestGateway> {
  const given = { name: 'up', kind: 'openai', baseUrl: upstream.url, model: 'stub', ...backend };
  gateway = await startGateway({}, { backends: [given] });
  return gateway;
}

async function ask(payload: object, headers: Record<string, string> = {}): Promise<void> {
  const url = '/v1/chat/completions';
  const messages = [{ role: 'user', content: 'hi' }];
  const response = await gateway?.app.inject({
    method: 'POST',
    url,
    headers,
    payload: { messages, ...payload },
  });
  expect(response?.statusCode).toBe(200);
}

describe('the limit of an answer', () => {
  test.each([
    ['as_sent', { max_tokens: 5 }, { max_tokens: 5 }],
    ['as_sent', { max_completion_tokens: 5 }, { max_completion_tokens: 5 }],
    ['max_completion_tokens', { max_tokens: 5 }, { max_completion_tokens: 5 }],
    ['max_tokens', { max_completion_tokens: 5, max_tokens: 9 }, { max_tokens: 5 }],
    ['max_tokens', {}, {}],
  ])('is sent as %s', async (maxTokensField, given, sent) => {
    await open({ maxTokensField });
    await ask(given);
    const { max_completion_tokens, max_tokens } = bodies[0] ?? {};
    expect({ max_completion_tokens, max_tokens }).toEqual({
      max_completion_tokens: undefined,
      max_tokens: undefined,
      ...sent,
    });
  });
});

describe('the trace of a caller', () => {
  const trace = '0af7651916cd43dd8448eb211c80319c';

  test('goes on with a span of the gateway', async () => {
    await open();
    await ask({}, { traceparent: `00-${trace}-b7ad6b7169203331-01`, tracestate: 'vendor=1' });
    const [parent = '', state] = traces[0] ?? [];
    expect(parent).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
    expect(parent).not.toContain('b7ad6b7169203331');
    expect(state).toBe('vendor=1');
  });

  test('that cannot be read ends here', async () => {
    await open();
    await ask({}, { traceparent: 'nonsense', tracestate: 'vendor=1' });
    expect(traces).toEqual([['undefined', 'undefined']]);
  });
});
