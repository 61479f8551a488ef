import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGateway, startUpstream, type TestGateway } from '../testing/start-gateway.ts';
import { refuseStrangePages } from './web-page-access.ts';

const PAGE = 'https://chat.example.org';
const NO_RULES = { allowedOrigins: [], allowedHosts: [] };

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

/** `fetch` lets nobody set Host and Origin. */
function call(
  gateway: TestGateway,
  path: string,
  headers: Record<string, string>,
  method = 'GET',
  body = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(gateway.url + path, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const codeOf = ({ text }: Answer): unknown => (JSON.parse(text) as { error: { code: string } }).error.code;

describe('a gateway without a key', () => {
  let upstream: Awaited<ReturnType<typeof startUpstream>>;
  let gateway: TestGateway;
  beforeAll(async () => {
    upstream = await startUpstream();
    gateway = await startGateway(
      { UPSTREAM_BASE_URL: `${upstream.url}/v1` },
      { backends: [], access: { allowedOrigins: [PAGE], allowedHosts: ['Gateway.Example.org'] } },
    );
  });
  afterAll(async () => {
    await gateway.close();
    upstream.child.kill();
  });

  test.each([
    '127.0.0.1:1',
    'localhost:1',
    '[::1]:1',
    'ai-gateway:8080',
    'box.local',
    'gateway.example.org:1',
  ])('answers to %s', async (host) => {
    expect((await call(gateway, '/v1/models', { host })).status).toBe(200);
  });

  test.each([
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example',
    '127.0.0.1.nip.example',
    'gateway.example.org.evil.example',
  ])('does not answer to %s, which a page can make point here', async (host) => {
    const answer = await call(gateway, '/v1/models', { host });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'origin_refused']);
    expect((await call(gateway, '/healthz', { host })).status).toBe(200);
  });

  test.each([
    'https://other.example',
    'null',
    'http://127.0.0.1:3000',
    'https://chat.example.org.evil.example',
  ])('does nothing for a page of %s', async (origin) => {
    for (const path of ['/v1/chat/completions', '/admin/reload', '/admin/cache/clear']) {
      const answer = await call(gateway, path, { origin, 'content-type': 'text/plain' }, 'POST', '{}');
      expect([path, answer.status, codeOf(answer)]).toEqual([path, 403, 'origin_refused']);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
    const asked = { origin, 'access-control-request-method': 'POST' };
    const preflight = await call(gateway, '/v1/chat/completions', asked, 'OPTIONS');
    expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([403, undefined]);
  });

  test('answers a page of its own', async () => {
    const host = new URL(gateway.url).host;
    const answer = await call(gateway, '/v1/models', { host, origin: `http://${host}` });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, undefined]);
  });

  test('lets an allowed page ask first, call, and read answers and failures', async () => {
    const preflight = await call(
      gateway,
      '/v1/chat/completions',
      {
        origin: PAGE,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,x-stainless-os',
        'access-control-request-private-network': 'true',
      },
      'OPTIONS',
    );
    expect(preflight).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': PAGE,
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'authorization,x-stainless-os',
        'access-control-allow-private-network': 'true',
        vary: 'Origin',
      },
    });
    const models = await call(gateway, '/v1/models', { origin: PAGE });
    expect(models).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': PAGE } });
    const failure = await call(
      gateway,
      '/v1/chat/completions',
      { origin: PAGE, 'content-type': 'application/json' },
      'POST',
      '{',
    );
    expect(failure).toMatchObject({ status: 400, headers: { 'access-control-allow-origin': PAGE } });
  });

  test('is not administered by any page', async () => {
    for (const method of ['GET', 'POST']) {
      const answer = await call(gateway, '/admin/reload', { origin: PAGE }, method);
      expect([answer.status, codeOf(answer)]).toEqual([403, 'origin_refused']);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  test('lets an allowed page read streams, and answers from the cache', async () => {
    const ask = (body: object) =>
      call(
        gateway,
        '/v1/chat/completions',
        { origin: PAGE, 'content-type': 'application/json' },
        'POST',
        JSON.stringify({ messages: [{ role: 'user', content: 'hello' }], temperature: 0, ...body }),
      );
    const answers = [await ask({ stream: true }), await ask({}), await ask({}), await ask({})];
    expect(answers.map(({ headers }) => headers['x-cache'])).toEqual(['MISS', 'HIT', 'HIT', 'HIT']);
    for (const { headers, status } of answers)
      expect([status, headers['access-control-allow-origin'], headers.vary]).toEqual([200, PAGE, 'Origin']);
  });
});

describe('a gateway with a key', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway({ GATEWAY_API_KEY: 'secret-of-the-test' });
  });
  afterAll(() => gateway.close());

  test('answers who has it under any name, and no page without it', async () => {
    const headers = { host: 'gateway.example.org', authorization: 'Bearer secret-of-the-test' };
    expect((await call(gateway, '/v1/models', headers)).status).toBe(200);
    expect((await call(gateway, '/v1/models', { host: 'gateway.example.org' })).status).toBe(401);
    const preflight = await call(
      gateway,
      '/v1/chat/completions',
      { origin: PAGE, 'access-control-request-method': 'POST' },
      'OPTIONS',
    );
    expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([401, undefined]);
  });
});

test('any origin may be allowed at once', () => {
  const headers = { host: '127.0.0.1:8080', origin: PAGE };
  expect(() =>
    refuseStrangePages({ headers }, 'inference', { ...NO_RULES, allowedOrigins: ['*'] }),
  ).not.toThrow();
  expect(() => refuseStrangePages({ headers }, 'inference', NO_RULES)).toThrow('may not use the gateway');
});
