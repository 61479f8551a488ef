import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGateway, startHostileUpstream, type TestGateway } from './testing/start-gateway.ts';
import { startUpstreamStub } from './testing/start-upstream-stub.ts';

const EACH = 10;

describe('a caller that leaves', () => {
  let upstream: { url: string; child: ChildProcess };
  let gateway: TestGateway;

  beforeAll(async () => {
    upstream = await startHostileUpstream();
    gateway = await startGateway(
      {},
      {
        backends: [{ name: 'far', kind: 'openai', baseUrl: `${upstream.url}/v1`, maxConcurrent: EACH + 1 }],
        routing: { backoffMs: 30_000, maxBackoffMs: 30_000 },
      },
    );
    await vi.waitFor(() => expect(gateway.gateway.readiness().status).toBe('ready'));
  });
  afterAll(async () => {
    await gateway.close();
    upstream.child.kill();
  });

  const send = (model: string, signal: AbortSignal, stream = true) =>
    fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: `far/${model}`, messages: [{ role: 'user', content: 'x' }], stream }),
      signal,
    });
  const counts = async (): Promise<{ open: number; requests: Record<string, number> }> =>
    (await (await fetch(`${upstream.url}/counts`)).json()) as never;
  const open = async (): Promise<number> => (await counts()).open;
  const cancelled = async (phase: string): Promise<number> => {
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    return Number(new RegExp(`gateway_cancelled_total\\{phase="${phase}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
  };
  const allIsQuiet = async (within = 1000) => {
    await vi.waitFor(async () => expect(await open()).toBe(0), { timeout: within, interval: 20 });
    await vi.waitFor(() => expect(gateway.gateway.queue.inFlight + gateway.gateway.queue.depth).toBe(0));
  };

  test.each([true, false])('before the head of the answer closes the call (stream: %s)', async (stream) => {
    const before = await cancelled('prefill');
    const controller = new AbortController();
    const calls = Array.from({ length: EACH }, () => send('stall', controller.signal, stream));
    await vi.waitFor(async () => expect(await open()).toBe(EACH));
    controller.abort();
    await Promise.allSettled(calls);
    await allIsQuiet();
    expect(await cancelled('prefill')).toBe(before + EACH);
  });

  test('in the middle of the stream closes the call, and no other one', async () => {
    const before = await cancelled('decode');
    const stays = new AbortController();
    const leaves = new AbortController();
    const kept = await send('words', stays.signal);
    const left = await Promise.all(Array.from({ length: EACH }, () => send('words', leaves.signal)));
    const reader = kept.body?.getReader();
    await reader?.read();
    for (const { body } of left) await body?.getReader().read();
    leaves.abort();
    await vi.waitFor(async () => expect(await open()).toBe(1));
    for (let index = 0; index < 10; index += 1) {
      const { value } = (await reader?.read()) ?? {};
      expect(new TextDecoder().decode(value)).toContain('word ');
    }
    stays.abort();
    await allIsQuiet();
    expect(await cancelled('decode')).toBe(before + EACH + 1);
  });

  test('in the queue never reaches the upstream', async () => {
    const before = await cancelled('queued');
    const busy = new AbortController();
    const running = Array.from({ length: EACH + 1 }, () => send('stall', busy.signal));
    await vi.waitFor(async () => expect(await open()).toBe(EACH + 1));
    const controller = new AbortController();
    const waiting = Array.from({ length: EACH }, () => send('words', controller.signal));
    await vi.waitFor(() => expect(gateway.gateway.queue.depth).toBe(EACH));
    controller.abort();
    await Promise.allSettled(waiting);
    await vi.waitFor(() => expect(gateway.gateway.queue.depth).toBe(0));
    busy.abort();
    await Promise.allSettled(running);
    await allIsQuiet();
    expect(await cancelled('queued')).toBe(before + EACH);
  });

  test('while another attempt is waited for ends the waiting', async () => {
    const controller = new AbortController();
    const failing = send('cut-at-once', controller.signal);
    await vi.waitFor(async () => expect((await counts()).requests['cut-at-once']).toBeGreaterThan(0));
    await vi.waitFor(() => expect(gateway.gateway.queue.inFlight).toBe(0));
    controller.abort();
    await expect(failing).rejects.toThrow('aborted');
    await allIsQuiet();
  });
});

test('connections to an upstream are kept from answer to answer, streamed or not', async () => {
  const stub = await startUpstreamStub();
  const far = { name: 'far', kind: 'openai', baseUrl: stub.url };
  const gateway = await startGateway({}, { backends: [far] });
  try {
    await vi.waitFor(() => expect(gateway.gateway.readiness().status).toBe('ready'));
    const whole = stub.handle;
    const stream: typeof whole = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}\n\n');
      // The end of the body comes a little after the last event.
      setTimeout(() => response.end('data: [DONE]\n\n'), 5);
    };
    for (let index = 0; index < 20; index += 1) {
      stub.handle = index % 2 === 0 ? whole : stream;
      const response = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ messages: [{ role: 'user', content: 'x' }], stream: index % 2 === 1 }),
      });
      expect(await response.text()).not.toContain('"error"');
    }
    expect(stub.connections).toBeLessThanOrEqual(2);
  } finally {
    await gateway.close();
    await stub.close();
  }
});
