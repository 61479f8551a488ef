import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from './testing/start-gateway-process.ts';
import { startUpstreamStub, type UpstreamStub } from './testing/start-upstream-stub.ts';

const DRAIN_MS = 700;

let upstream: UpstreamStub;
let gateway: GatewayProcess;
let hasLeft = false;

beforeEach(async () => {
  upstream = await startUpstreamStub();
  hasLeft = false;
  // It would talk for ever.
  upstream.handle = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const talk = setInterval(() => {
      const choices = [{ index: 0, delta: { content: 'word ' }, finish_reason: null }];
      response.write(`data: ${JSON.stringify({ choices })}\n\n`);
    }, 50);
    response.once('close', () => {
      clearInterval(talk);
      hasLeft = true;
    });
  };
  gateway = await startGatewayProcess({
    backends: [{ name: 'far', kind: 'openai', baseUrl: upstream.url, model: 'stub' }],
    timeouts: { drainMs: DRAIN_MS },
  });
});
afterEach(async () => {
  await gateway.close();
  await upstream.close();
});

const ask = (path: string, body: object) =>
  fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ messages: [{ role: 'user', content: 'hello' }], stream: true, ...body }),
  });

test('a stream that outlasts the drain ends with an error event and [DONE], and the gateway with it', async () => {
  const answer = await ask('/v1/chat/completions', {});
  expect(answer.status).toBe(200);
  const startedAt = performance.now();
  gateway.child.kill('SIGTERM');
  const events = (await answer.text()).trim().split('\n\n');
  const endedAfter = performance.now() - startedAt;
  expect(events.length).toBeGreaterThan(5);
  expect(JSON.parse(events.at(-2)?.slice('data: '.length) ?? '{}')).toMatchObject({
    error: { code: 'draining', message: expect.stringContaining('shut down') },
  });
  expect(events.at(-1)).toBe('data: [DONE]');
  expect(await gateway.exit).toBe(0);
  // Not at once, and not when the words end.
  expect(endedAfter).toBeGreaterThan(DRAIN_MS - 50);
  expect(performance.now() - startedAt).toBeLessThan(DRAIN_MS + 5000);
  await vi.waitFor(() => expect(hasLeft).toBe(true));
}, 30_000);

test('so does one in the form of Anthropic, with its own error event', async () => {
  const answer = await ask('/v1/messages', { max_tokens: 1000 });
  gateway.child.kill('SIGTERM');
  const events = (await answer.text()).trim().split('\n\n');
  const [name, data] = events.at(-1)?.split('\n') ?? [];
  expect(name).toBe('event: error');
  expect(JSON.parse(data?.slice('data: '.length) ?? '{}')).toMatchObject({ type: 'error' });
  expect(await gateway.exit).toBe(0);
}, 30_000);
