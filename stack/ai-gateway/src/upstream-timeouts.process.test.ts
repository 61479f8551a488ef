import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startGateway, type TestGateway } from './testing/start-gateway.ts';
import { startUpstreamStub, type UpstreamStub } from './testing/start-upstream-stub.ts';

// undici looks at its clocks every half second; shorter limits would only be the same.
const TIMEOUTS = { firstByteMs: 300, idleMs: 300, requestMs: 20_000 };

describe('an upstream that takes too long', () => {
  let upstream: UpstreamStub;
  let gateway: TestGateway;

  const start = async (timeouts: object) => {
    gateway = await startGateway(
      {},
      { backends: [{ name: 'far', kind: 'openai', baseUrl: upstream.url }], timeouts },
    );
    await vi.waitFor(() => expect(gateway.gateway.readiness().status).toBe('ready'));
  };
  beforeEach(async () => {
    upstream = await startUpstreamStub();
  });
  afterEach(async () => {
    await gateway.close();
    await upstream.close();
  });

  const chat = async (stream: boolean) => {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ messages: [{ role: 'user', content: 'hello' }], stream }),
    });
    return { status: response.status, text: await response.text() };
  };
  const chunk = (content: string) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`;
  const slotIsFree = () => vi.waitFor(() => expect(gateway.gateway.queue.inFlight).toBe(0));

  test.each([true, false])('to begin gets a coded error (stream: %s)', async (stream) => {
    await start(TIMEOUTS);
    let isOpen = false;
    upstream.handle = (_request, response) => {
      isOpen = true;
      response.once('close', () => {
        isOpen = false;
      });
    };
    const { status, text } = await chat(stream);
    expect([status, JSON.parse(text).error.code]).toEqual([504, 'upstream_timeout']);
    // It is told to stop, too.
    await vi.waitFor(() => expect(isOpen).toBe(false));
    await slotIsFree();
  });

  test('between two words ends the stream with an error event and [DONE]', async () => {
    await start(TIMEOUTS);
    upstream.handle = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk('one'));
    };
    const { status, text } = await chat(true);
    const events = text.trim().split('\n\n');
    expect(status).toBe(200);
    expect(text).toContain('"one"');
    expect(JSON.parse(events.at(-2)?.slice(6) ?? '{}')).toMatchObject({
      error: { code: 'upstream_timeout' },
    });
    expect(events.at(-1)).toBe('data: [DONE]');
    await slotIsFree();
  });

  test('in the middle of a whole answer gets a coded error', async () => {
    await start(TIMEOUTS);
    upstream.handle = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"choices":');
    };
    const { status, text } = await chat(false);
    expect([status, JSON.parse(text).error.code]).toEqual([504, 'upstream_timeout']);
    await slotIsFree();
  });

  test('in all is cut off even when words keep coming', async () => {
    await start({ ...TIMEOUTS, requestMs: 500 });
    upstream.handle = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const timer = setInterval(() => response.write(chunk('more')), 50);
      response.once('close', () => clearInterval(timer));
    };
    const { text } = await chat(true);
    expect(text).toContain('"error"');
    expect(text.trim().endsWith('data: [DONE]')).toBe(true);
    await slotIsFree();
  });
});
