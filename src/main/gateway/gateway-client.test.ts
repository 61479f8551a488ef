import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayClient } from './gateway-client.ts';

let server: Server;
let handle: (request: IncomingMessage, response: ServerResponse) => void;
let client: GatewayClient;
let up: boolean;

beforeEach(async () => {
  up = true;
  server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new GatewayClient(() =>
    up ? { baseUrl, chatBaseUrl: `${baseUrl}/v1`, apiKey: 'sk-test', adminKey: 'sk-test' } : undefined,
  );
});
afterEach(async () => {
  await client.dispose();
  server.close();
});

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => {
  handle = (_request, response) => {
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
};

describe('GatewayClient', () => {
  it('sends the key and what it expects to be live', async () => {
    const seen: unknown[] = [];
    handle = (request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk;
      });
      request.on('end', () => {
        seen.push([request.method, request.url, request.headers.authorization, JSON.parse(body)]);
        const snapshot = { generation: 7, sha256: 'a', loadedAt: '', skills: [], diagnostics: [] };
        response.end(JSON.stringify({ ...snapshot, changed: true, elapsedMs: 2 }));
      });
    };
    const result = await client.reloadSkills({ name: 'x', sha256: 'abc' });
    expect(result.generation).toBe(7);
    expect(seen).toEqual([
      ['POST', '/admin/skills/reload', 'Bearer sk-test', { expect: { name: 'x', sha256: 'abc' } }],
    ]);
  });

  it.each([
    [401, 'invalid_api_key', 'gateway.unauthorized'],
    [429, 'queue_full', 'gateway.queue_full'],
    [503, 'model_loading', 'gateway.loading'],
    [418, 'teapot', 'gateway.request_failed'],
  ])('turns status %i %s into %s and keeps the sentence', async (status, code, expected) => {
    answer(
      status,
      { error: { message: 'A sentence.', type: 't', param: null, code } },
      { 'retry-after': '3' },
    );
    await expect(client.status()).rejects.toMatchObject({
      code: expected,
      message: 'A sentence.',
      params: { status, seconds: 3 },
    });
  });

  it('loads and unloads a backend by its name, and passes on why it may not', async () => {
    const asked: string[] = [];
    handle = (request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (request.url?.endsWith('/unload')) {
        response
          .writeHead(409)
          .end(
            JSON.stringify({ error: { message: 'In use.', type: 'x', param: null, code: 'backend_busy' } }),
          );
        return;
      }
      response.writeHead(202).end('{"name":"my/model"}');
    };
    await client.loadBackend('my/model');
    await expect(client.unloadBackend('local')).rejects.toMatchObject({
      code: 'gateway.request_failed',
      message: 'In use.',
    });
    expect(asked).toEqual(['POST /admin/backends/my%2Fmodel/load', 'POST /admin/backends/local/unload']);
  });

  it('makes, changes and ends keys, and gives their secrets to the caller only', async () => {
    const asked: string[] = [];
    const view = {
      id: 'k/1',
      createdAt: '2026-01-01T00:00:00Z',
      usage: { requests: 0, promptTokens: 0, completionTokens: 0, tokensToday: 0, tokensThisMonth: 0 },
    };
    handle = (request, response) => {
      asked.push(`${request.method} ${request.url}`);
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk;
      });
      request.on('end', () => {
        const settings = body === '' ? { name: 'n' } : JSON.parse(body);
        const key = { ...view, ...settings };
        const isSecret = request.method === 'POST';
        const answer = isSecret ? { key, secret: 'sk-told-once' } : key;
        response.end(JSON.stringify(request.method === 'GET' ? { keys: [key] } : answer));
      });
    };
    const settings = {
      name: 'ann',
      scopes: ['inference' as const],
      weight: 2,
      priority: 'batch' as const,
      limits: { requestsPerMinute: 5 },
      disabled: false,
    };
    expect(await client.createKey(settings)).toMatchObject({ secret: 'sk-told-once', key: settings });
    expect(await client.updateKey('k/1', settings)).toMatchObject(settings);
    expect(await client.rotateKey('k/1')).toMatchObject({ secret: 'sk-told-once' });
    await client.removeKey('k/1');
    expect((await client.keys()).keys).toHaveLength(1);
    expect(asked).toEqual([
      'POST /admin/keys',
      'PUT /admin/keys/k%2F1',
      'POST /admin/keys/k%2F1/rotate',
      'DELETE /admin/keys/k%2F1',
      'GET /admin/keys',
    ]);
  });

  it('says so when the answer is no JSON of the gateway', async () => {
    answer(200, '<html>hello</html>');
    await expect(client.status()).rejects.toMatchObject({ code: 'gateway.request_failed' });
  });

  it('knows a gateway that is not there from one that fails', async () => {
    up = false;
    await expect(client.skills()).rejects.toMatchObject({ code: 'gateway.not_running' });
    up = true;
    await new Promise((resolve) => server.close(resolve));
    await expect(client.skills()).rejects.toMatchObject({ code: 'gateway.not_running' });
  });

  it('stops when the caller gives up', async () => {
    handle = () => {};
    const controller = new AbortController();
    const pending = client.status(controller.signal);
    controller.abort();
    await expect(pending).rejects.toMatchObject({ code: 'cancelled' });
    server.closeAllConnections();
  });
});
