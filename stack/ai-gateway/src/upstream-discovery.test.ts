import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startGateway, type TestGateway } from './testing/start-gateway.ts';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly ifNoneMatch: string | undefined;
  readonly body: string;
}
type Reply = { status?: number; headers?: Record<string, string>; body?: unknown };

describe('what the gateway finds out about an upstream', () => {
  let asked: Asked[];
  let reply: (asked: Asked) => Reply;
  let server: ReturnType<typeof createServer>;
  let gateway: TestGateway | undefined;

  beforeEach(async () => {
    asked = [];
    server = createServer((request: IncomingMessage, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const one = {
          method: request.method ?? '',
          path: request.url ?? '',
          ifNoneMatch: request.headers['if-none-match'],
          body: Buffer.concat(parts).toString(),
        };
        asked.push(one);
        const { body, headers = {}, status = 200 } = reply(one);
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(body === undefined ? '' : JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await gateway?.close();
    gateway = undefined;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const start = async (extra: object = {}): Promise<TestGateway> => {
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    gateway = await startGateway({}, { backends: [{ name: 'far', kind: 'openai', baseUrl, ...extra }] });
    return gateway;
  };
  const list = (model: object, headers = {}): Reply => ({ headers, body: { data: [{ id: 'm', ...model }] } });

  test('the context length that vLLM tells, and its tokenizer', async () => {
    reply = ({ path, body }) =>
      path === '/tokenize' && JSON.parse(body).prompt === 'one two'
        ? { body: { count: 2, tokens: [1, 2] } }
        : list({ owned_by: 'vllm', max_model_len: 8192 });
    const { gateway } = await start();
    const [far] = gateway.pool.backends;
    await vi.waitFor(() =>
      expect(far?.model).toEqual({ id: 'm', name: 'm', contextSize: 8192, ownedBy: 'vllm' }),
    );
    expect(await far?.countTokens('one two', AbortSignal.timeout(1000))).toBe(2);
  });

  test('the tokenizer of llama-server, and none where there is none', async () => {
    reply = ({ path }) =>
      path === '/tokenize' ? { body: { tokens: [5, 6, 7] } } : list({ owned_by: 'llamacpp' });
    const first = await start();
    const count = (at: TestGateway) =>
      at.gateway.pool.backends[0]?.countTokens('text', AbortSignal.timeout(1000));
    await vi.waitFor(async () => expect(await count(first)).toBe(3));
    await first.close();
    reply = () => list({ owned_by: 'somebody' });
    const second = await start();
    await vi.waitFor(() => expect(second.gateway.pool.backends[0]?.models).toEqual(['m']));
    expect(await count(second)).toBeUndefined();
    expect(asked.filter(({ path }) => path === '/tokenize')).toHaveLength(1);
  });

  test('the context length from the card of a model at Ollama, which does not load it', async () => {
    reply = ({ path }) =>
      path === '/api/show'
        ? { body: { model_info: { 'llama.context_length': 131_072 } } }
        : list({ owned_by: 'library' });
    const { gateway } = await start();
    await vi.waitFor(() => expect(gateway.pool.backends[0]?.model?.contextSize).toBe(131_072));
    expect(new Set(asked.map(({ path }) => path))).toEqual(new Set(['/v1/models', '/api/show']));
  });

  test('whether a model calls tools, from its card at Ollama and from the template of llama-server', async () => {
    reply = ({ path }) =>
      path === '/api/show'
        ? { body: { model_info: { 'general.parameter_count': 8e9 }, capabilities: ['completion', 'tools'] } }
        : list({ owned_by: 'library' });
    const first = await start();
    await vi.waitFor(() =>
      expect(first.gateway.pool.backends[0]?.model).toMatchObject({ tools: true, parameters: 8e9 }),
    );
    await first.close();
    reply = ({ path }) =>
      path === '/props'
        ? { body: { chat_template_caps: { supports_tools: true, supports_tool_calls: true } } }
        : list({ owned_by: 'llamacpp', meta: { n_params: 8e9, n_ctx: 4096 } });
    const second = await start();
    await vi.waitFor(() =>
      expect(second.gateway.pool.backends[0]?.model).toMatchObject({
        tools: true,
        parameters: 8e9,
        contextSize: 4096,
      }),
    );
  });

  test('nothing of the template of a llama-server that has several models: asking could load them', async () => {
    reply = () => ({ body: { data: ['a', 'b'].map((id) => ({ id, owned_by: 'llamacpp' })) } });
    const { gateway } = await start({ health: { intervalMs: 1000 } });
    await vi.waitFor(() => expect(asked.length).toBeGreaterThanOrEqual(2), { timeout: 4000 });
    expect(gateway.pool.backends[0]?.models).toEqual(['a', 'b']);
    expect(new Set(asked.map(({ path }) => path))).toEqual(new Set(['/v1/models']));
  });

  test('is asked for again with the ETag that it came with', async () => {
    reply = ({ ifNoneMatch }) => (ifNoneMatch === '"1"' ? { status: 304 } : list({}, { etag: '"1"' }));
    const { gateway } = await start({ health: { intervalMs: 1000 } });
    await vi.waitFor(() => expect(asked.length).toBeGreaterThanOrEqual(2), { timeout: 4000 });
    expect(asked[1]?.ifNoneMatch).toBe('"1"');
    expect(gateway.pool.backends[0]?.models).toEqual(['m']);
    expect(gateway.pool.backends[0]?.state.kind).toBe('ready');
  });

  test('its health decides, when there is a path for it, and no model is asked anything', async () => {
    let isWell = false;
    reply = ({ path }) => (path === '/health' ? { status: isWell ? 200 : 503 } : list({}));
    const { gateway } = await start({ health: { path: '/health', intervalMs: 1000 } });
    await vi.waitFor(() => expect(gateway.pool.backends[0]?.state).toMatchObject({ kind: 'unavailable' }));
    isWell = true;
    await vi.waitFor(() => expect(gateway.pool.backends[0]?.state.kind).toBe('ready'), { timeout: 4000 });
    expect(asked.every(({ method }) => method === 'GET')).toBe(true);
  });

  test('a link-local address is never asked, and says why', async () => {
    reply = () => list({});
    gateway = await startGateway(
      {},
      { backends: [{ name: 'meta', kind: 'openai', baseUrl: 'http://169.254.169.254/v1', model: 'x' }] },
    );
    const response = await gateway.app.inject({
      method: 'POST',
      url: '/v1/chat/completions',
      payload: { model: 'meta', messages: [{ role: 'user', content: 'x' }] },
    });
    expect([response.statusCode, response.json().error.code]).toEqual([502, 'upstream_refused']);
    expect(response.json().error.message).toContain('link-local');
  });

  test('embeddings and completions pass through untouched', async () => {
    reply = ({ path, body }) =>
      path === '/v1/models'
        ? list({})
        : { body: { object: 'list', path, received: JSON.parse(body), data: [] } };
    const { gateway, app } = await start();
    await vi.waitFor(() => expect(gateway.readiness().status).toBe('ready'));
    const embedded = await app.inject({
      method: 'POST',
      url: '/v1/embeddings',
      payload: { model: 'm', input: ['a', 'b'], dimensions: 4 },
    });
    expect(embedded.json()).toMatchObject({
      path: '/v1/embeddings',
      received: { model: 'm', input: ['a', 'b'], dimensions: 4 },
    });
    expect(embedded.headers['x-skilldeck-attempts']).toBe('1');
  });
});
