import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startGateway, type TestGateway } from './testing/start-gateway.ts';
import { startUpstreamStub, type UpstreamStub } from './testing/start-upstream-stub.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const says =
  (content: string): Handler =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const message = { role: 'assistant', content };
    response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }] }));
  };
const fails =
  (status: number, headers: Record<string, string> = {}): Handler =>
  (_request, response) =>
    void response.writeHead(status, headers).end(JSON.stringify({ error: { message: `no: ${status}` } }));
/** One handler after the other; the last one stays. */
const inTurn = (...handlers: Handler[]): Handler => {
  let index = 0;
  return (request, response) => {
    handlers[Math.min(index, handlers.length - 1)]?.(request, response);
    index += 1;
  };
};

describe('routing over several upstreams', () => {
  let first: UpstreamStub;
  let second: UpstreamStub;
  let gateway: TestGateway;
  let calls: string[];

  const count =
    (name: string, handler: Handler): Handler =>
    (request, response) => {
      calls.push(name);
      handler(request, response);
    };
  const start = async (config: object = {}, extra: { first?: object; second?: object } = {}) => {
    gateway = await startGateway(
      {},
      {
        backends: [
          { name: 'a', kind: 'openai', baseUrl: first.url, ...extra.first },
          { name: 'b', kind: 'openai', baseUrl: second.url, ...extra.second },
        ],
        routing: { backoffMs: 5, maxBackoffMs: 300 },
        ...config,
      },
    );
    await vi.waitFor(() =>
      expect(gateway.gateway.status().backends.map(({ state }) => state)).toEqual(['ready', 'ready']),
    );
  };
  const answer = (a: Handler, b: Handler = says('b')): void => {
    first.handle = count('a', a);
    second.handle = count('b', b);
  };
  const ask = async (model?: string, extra: object = {}, signal?: AbortSignal) => {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hello' }], ...extra }),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await response.text();
    return {
      status: response.status,
      text,
      attempts: response.headers.get('x-skilldeck-attempts'),
      backend: response.headers.get('x-skilldeck-backend'),
      retryAfter: response.headers.get('retry-after'),
      code: text.startsWith('{') ? JSON.parse(text).error?.code : undefined,
    };
  };

  beforeEach(async () => {
    calls = [];
    first = await startUpstreamStub();
    second = await startUpstreamStub();
    answer(says('a'));
  });
  afterEach(async () => {
    await gateway.close();
    await first.close();
    await second.close();
  });

  test('an alias leads to its first target, and to the next one when that fails', async () => {
    await start({ models: { 'gpt-4o': ['a/big', 'b/small'] } });
    expect(await ask('gpt-4o')).toMatchObject({ status: 200, backend: 'a', attempts: '1' });
    answer(fails(503));
    expect(await ask('gpt-4o')).toMatchObject({ status: 200, backend: 'b', attempts: '2' });
    expect(calls).toEqual(['a', 'a', 'b']);
  });

  test.each([500, 502, 503, 504, 529, 429, 408, 409, 425, 401, 404])(
    'another backend is asked after a %i',
    async (status) => {
      await start({ models: { m: ['a', 'b'] } });
      answer(fails(status));
      expect(await ask('m')).toMatchObject({ status: 200, backend: 'b', attempts: '2' });
      expect(calls).toEqual(['a', 'b']);
    },
  );

  test.each([400, 413, 422])(
    'nobody else is asked after a %i, which is the fault of the request itself',
    async (status) => {
      await start();
      answer(fails(status), fails(status));
      expect(await ask('stub')).toMatchObject({ status, attempts: '1', code: 'invalid_request' });
      expect(calls).toHaveLength(1);
    },
  );

  test('the same backend is asked again when there is no other, up to the limit', async () => {
    await start();
    answer(inTurn(fails(500), fails(503), says('at last')));
    expect(await ask('a')).toMatchObject({ status: 200, attempts: '3' });
    answer(fails(500));
    expect(await ask('a')).toMatchObject({ status: 502, attempts: '3', code: 'upstream_error' });
  });

  test('a 429 is passed on with its Retry-After when nobody else can be asked', async () => {
    await start();
    answer(fails(429, { 'retry-after': '17' }));
    expect(await ask('a')).toMatchObject({ status: 429, retryAfter: '17', attempts: '1' });
  });

  test('a busy backend is asked last until the time it has named', async () => {
    await start({ models: { m: ['a', 'b'] } });
    answer(inTurn(fails(429, { 'retry-after-ms': '400' }), says('a')));
    expect(await ask('m')).toMatchObject({ backend: 'b', attempts: '2' });
    expect(await ask('m')).toMatchObject({ backend: 'b', attempts: '1' });
    await vi.waitFor(async () => expect((await ask('m')).backend).toBe('a'), {
      timeout: 3000,
      interval: 100,
    });
  });

  test('waiting for another attempt ends with the time of the request', async () => {
    await start({ timeouts: { requestMs: 400 }, routing: { backoffMs: 60_000, maxBackoffMs: 60_000 } });
    answer(fails(500));
    const startedAt = performance.now();
    const { status } = await ask('a');
    expect([502, 504]).toContain(status);
    expect(performance.now() - startedAt).toBeLessThan(1500);
  });

  test('of backends of the same priority each gets its share by weight', async () => {
    await start({}, { first: { weight: 3 }, second: { weight: 1 } });
    for (let index = 0; index < 200; index += 1) await ask('stub');
    const ofA = calls.filter((name) => name === 'a').length;
    // 150 of 200 on average; five standard deviations to either side.
    expect(ofA).toBeGreaterThan(119);
    expect(ofA).toBeLessThan(181);
    calls = [];
    await gateway.close();
    await start({}, { first: { weight: 0 }, second: { weight: 1 } });
    for (let index = 0; index < 10; index += 1) await ask('stub');
    expect(calls).toEqual(Array.from({ length: 10 }, () => 'b'));
  });

  test('backends of the lower priority number come first', async () => {
    await start({}, { first: { priority: 1 }, second: { priority: 0 } });
    for (let index = 0; index < 10; index += 1) await ask('stub');
    expect(new Set(calls)).toEqual(new Set(['b']));
  });

  test('requests side by side spread over replicas', async () => {
    await start();
    const slow =
      (name: string): Handler =>
      (request, response) =>
        void setTimeout(() => says(name)(request, response), 50);
    answer(slow('a'), slow('b'));
    await Promise.all(Array.from({ length: 20 }, () => ask('stub')));
    const ofA = calls.filter((name) => name === 'a').length;
    expect(ofA).toBeGreaterThanOrEqual(6);
    expect(ofA).toBeLessThanOrEqual(14);
  });

  test('a circuit opens, is seen in the status, spares the backend, and closes after its test', async () => {
    await start({
      models: { m: ['a', 'b'] },
      routing: { maxAttempts: 2, breaker: { failures: 3, openMs: 300 } },
    });
    answer(fails(500));
    for (let index = 0; index < 3; index += 1) expect((await ask('m')).backend).toBe('b');
    const circuit = () => gateway.gateway.status().backends[0]?.circuit;
    expect(circuit()).toMatchObject({ state: 'open', failuresInRow: 3 });
    calls = [];
    expect(await ask('m')).toMatchObject({ backend: 'b', attempts: '1' });
    expect(await ask('a')).toMatchObject({ status: 503, code: 'circuit_open' });
    expect(calls).toEqual(['b']);
    answer(says('a'));
    await vi.waitFor(async () => expect((await ask('m')).backend).toBe('a'), { timeout: 3000, interval: 50 });
    expect(circuit()).toMatchObject({ state: 'closed', failuresInRow: 0 });
  });

  test('nobody is asked again once the answer has begun', async () => {
    await start({ models: { m: ['a', 'b'] } });
    answer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: {"choices":[{"index":0,"delta":{"content":"one"},"finish_reason":null}]}\n\n`);
      setTimeout(() => response.destroy(), 20);
    });
    const { text } = await ask('m', { stream: true });
    expect(text).toContain('upstream_cut');
    expect(calls).toEqual(['a']);
  });

  test('a stream that fails before its first word is begun elsewhere', async () => {
    await start({ models: { m: ['a', 'b'] } });
    answer(
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(`data: {"error":{"message":"out of memory","code":503}}\n\n`);
      },
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(
          `data: {"choices":[{"index":0,"delta":{"content":"well"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`,
        );
      },
    );
    const { attempts, text } = await ask('m', { stream: true });
    expect([attempts, text.includes('well'), text.includes('"error"')]).toEqual(['2', true, false]);
  });

  test('a change of weight and priority keeps the backends as they are', async () => {
    await start();
    const before = gateway.gateway.pool.backends;
    const { config } = gateway.gateway.config;
    gateway.gateway.pool.configure({
      ...config,
      backends: config.backends.map((backend) => ({ ...backend, weight: 5, priority: 3 })),
    });
    expect(gateway.gateway.pool.backends.every((backend, index) => backend === before[index])).toBe(true);
  });
});
