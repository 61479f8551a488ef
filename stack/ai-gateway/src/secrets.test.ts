import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startGateway, type TestGateway } from './testing/start-gateway.ts';
import { startUpstreamStub, type UpstreamStub } from './testing/start-upstream-stub.ts';

const KEY = 'sk-of-the-upstream';

describe('PUT /admin/secrets', () => {
  let upstream: UpstreamStub;
  let gateway: TestGateway;

  beforeEach(async () => {
    upstream = await startUpstreamStub();
    gateway = await startGateway(
      { GATEWAY_API_KEY: 'sk-gateway' },
      { backends: [{ name: 'far', kind: 'openai', baseUrl: upstream.url, apiKeySecret: 'upstream' }] },
    );
    await vi.waitFor(() => expect(gateway.gateway.readiness().status).toBe('ready'));
  });
  afterEach(async () => {
    await gateway.close();
    await upstream.close();
  });

  const put = (payload: unknown, key = 'sk-gateway') =>
    gateway.app.inject({
      method: 'PUT',
      url: '/admin/secrets',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      payload: JSON.stringify(payload),
    });
  const chat = () =>
    gateway.app.inject({
      method: 'POST',
      url: '/v1/chat/completions',
      headers: { authorization: 'Bearer sk-gateway' },
      payload: { messages: [{ role: 'user', content: 'hello' }] },
    });

  test('gives the backend its key from the next request on, and an empty text takes it away', async () => {
    await chat();
    expect((await put({ upstream: KEY })).json()).toEqual({ secrets: ['upstream'] });
    expect((await chat()).statusCode).toBe(200);
    expect((await put({ upstream: '' })).json()).toEqual({ secrets: [] });
    await chat();
    expect(upstream.authorizations.slice(-3)).toEqual([undefined, `Bearer ${KEY}`, undefined]);
  });

  test('says which secrets there are, never what they are, and writes them nowhere', async () => {
    await put({ upstream: KEY });
    await chat();
    const headers = { authorization: 'Bearer sk-gateway' };
    for (const url of ['/admin/status', '/metrics', '/v1/models', '/admin/skills'])
      expect((await gateway.app.inject({ url, headers })).body).not.toContain(KEY);
    const status = await gateway.app.inject({ url: '/admin/status', headers });
    expect(status.json().config.secrets).toEqual(['upstream']);
    const entries = await readdir(gateway.directory, { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((one) => one.isFile()))
      expect(await readFile(path.join(entry.parentPath, entry.name), 'utf8')).not.toContain(KEY);
  });

  test('does not send the key of the gateway itself upstream', async () => {
    await chat();
    expect(upstream.authorizations.join()).not.toContain('sk-gateway');
  });

  test('wants the key of the gateway', async () => {
    expect((await put({ upstream: KEY }, 'wrong')).statusCode).toBe(401);
    expect(gateway.gateway.secrets.names()).toEqual([]);
  });

  test.each([[['upstream']], [{ upstream: 7 }], ['upstream'], [{ upstream: { key: KEY } }]])(
    'refuses %j without repeating it',
    async (payload) => {
      const response = await put(payload);
      expect([response.statusCode, response.json().error.code]).toEqual([400, 'invalid_request']);
      expect(response.body).not.toContain(KEY);
    },
  );

  test('an upstream that refuses the key is named, the key is not', async () => {
    await put({ upstream: KEY });
    upstream.handle = (request, response) =>
      response.writeHead(401).end(`bad key ${request.headers.authorization}`);
    const response = await chat();
    expect(response.json().error.code).toBe('upstream_key_refused');
    expect(response.body).not.toContain(KEY);
  });
});
