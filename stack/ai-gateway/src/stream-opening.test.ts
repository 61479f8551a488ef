import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGateway, type TestGateway } from './testing/start-gateway.ts';
import { startUpstreamStub, type UpstreamStub } from './testing/start-upstream-stub.ts';

describe('a stream that fails before its first word', () => {
  let upstream: UpstreamStub;
  let gateway: TestGateway;

  beforeAll(async () => {
    upstream = await startUpstreamStub();
    gateway = await startGateway(
      { UPSTREAM_BASE_URL: upstream.url },
      { backends: [], timeouts: { pingMs: 300 }, routing: { maxAttempts: 1 } },
    );
    await vi.waitFor(() => expect(gateway.gateway.readiness().status).toBe('ready'));
  });
  afterAll(async () => {
    await gateway.close();
    await upstream.close();
  });

  const ask = (path: string) =>
    fetch(gateway.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'stub', stream: true, messages: [{ role: 'user', content: 'x' }] }),
    });
  const failAfter = (ms: number): void => {
    upstream.handle = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      setTimeout(() => response.end('data: {"error":{"message":"The cards burn."}}\n\ndata: [DONE]\n\n'), ms);
    };
  };

  test('is told by its status', async () => {
    failAfter(10);
    for (const path of ['/v1/chat/completions', '/v1/messages']) {
      const response = await ask(path);
      expect(response.status).toBe(502);
      expect(response.headers.get('content-type')).toContain('application/json');
      expect(await response.text()).toContain('The cards burn.');
    }
  });

  test('is told in the stream when signs of life have begun to be sent', async () => {
    failAfter(1000);
    const response = await ask('/v1/chat/completions');
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(
      /^(?:: ping\n\n)+data: \{"error":.*The cards burn\..*\n\ndata: \[DONE\]\n\n$/,
    );
  });
});
