import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { GatewayError } from '../gateway-error.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

const ask = (path: string, body: string) =>
  fetch(gateway.url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
const reported = () =>
  gateway.gateway.requests.list(10).map(({ code, operation, status }) => ({ code, operation, status }));

test('a request that says something wrong is in the list of requests', async () => {
  await ask('/v1/embeddings', '{}');
  await ask('/v1/messages', 'no JSON');
  const told = { code: 'invalid_request', status: 400 };
  await vi.waitFor(() =>
    expect(reported()).toEqual([
      { ...told, operation: 'chat' },
      { ...told, operation: 'embeddings' },
    ]),
  );
});

test('one that comes while the gateway shuts down counts as rejected', async () => {
  await gateway.gateway.drain(0, new GatewayError('draining', 'Over.'));
  const response = await ask('/v1/chat/completions', '{"messages":[{"role":"user","content":"x"}]}');
  expect(response.status).toBe(503);
  await vi.waitFor(async () =>
    expect(await gateway.gateway.metrics.registry.metrics()).toContain(
      'gateway_rejected_total{reason="draining"} 1',
    ),
  );
});
