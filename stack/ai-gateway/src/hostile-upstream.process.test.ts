import type { ChildProcess } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGateway, startHostileUpstream, type TestGateway } from './testing/start-gateway.ts';

const LIMITS = { answerBytes: 1_000_000, eventBytes: 500_000 };
const MB = 1024 * 1024;

describe('a hostile upstream', () => {
  let upstream: { url: string; child: ChildProcess };
  let gateway: TestGateway;

  const start = (routing: object = {}) =>
    startGateway(
      {},
      {
        backends: [{ name: 'far', kind: 'openai', baseUrl: `${upstream.url}/v1`, limits: LIMITS }],
        timeouts: { firstByteMs: 700, idleMs: 700, requestMs: 2500 },
        routing: { maxAttempts: 1, ...routing },
      },
    );
  beforeAll(async () => {
    upstream = await startHostileUpstream();
    gateway = await start({ breaker: { failures: 0 } });
    await vi.waitFor(() => expect(gateway.gateway.readiness().status).toBe('ready'));
  });
  afterAll(async () => {
    await gateway.close();
    upstream.child.kill();
  });
  afterEach(async () => {
    await vi.waitFor(() => expect(gateway.gateway.queue.inFlight).toBe(0));
  });

  const ask = async (model: string, stream: boolean, at = gateway) => {
    const response = await fetch(`${at.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: `far/${model}`, messages: [{ role: 'user', content: 'hello' }], stream }),
    });
    const text = await response.text();
    return { status: response.status, text, headers: response.headers };
  };
  const counts = async (): Promise<{ open: number; requests: Record<string, number> }> =>
    (await (await fetch(`${upstream.url}/counts`)).json()) as never;
  const failuresInRow = (at = gateway) => at.gateway.status().backends[0]?.circuit?.failuresInRow;
  const errorOf = (text: string) => {
    const events = text.trim().split('\n\n');
    if (!text.startsWith('data:')) return JSON.parse(text).error;
    expect(events.at(-1)).toBe('data: [DONE]');
    return JSON.parse(events.at(-2)?.slice(6) ?? '{}').error;
  };

  test.each([
    ['endless-body', false, 502, 'upstream_error'],
    ['endless-headers', false, 502, 'upstream_error'],
    ['endless-headers', true, 502, 'upstream_error'],
    ['slow-headers', false, 504, 'upstream_timeout'],
    ['malformed-first', true, 502, 'upstream_not_json'],
    ['html', false, 502, 'upstream_not_json'],
    ['html', true, 502, 'upstream_not_json'],
    ['bomb', false, 502, 'upstream_not_json'],
    ['cut-at-once', true, 502, 'upstream_cut'],
    ['error-first', true, 502, 'upstream_error'],
    ['garbage', false, 502, 'upstream_error'],
    ['two-lengths', false, 502, 'upstream_error'],
  ])(
    'that answers with "%s" (stream: %s) becomes a %i %s, and its circuit breaker learns',
    async (model, stream, status, code) => {
      await ask('well', false);
      const answer = await ask(model, stream);
      expect([answer.status, errorOf(answer.text).code]).toEqual([status, code]);
      expect(failuresInRow()).toBe(1);
      expect((await ask('well', false)).text).toContain('well');
    },
  );

  test.each([
    ['malformed-later', 'upstream_not_json'],
    ['endless-line', 'upstream_error'],
    ['cut-later', 'upstream_cut'],
    ['reset-later', 'upstream_cut'],
  ])('that spoils a stream by "%s" ends it with an error event %s and [DONE]', async (model, code) => {
    await ask('well', false);
    const { status, text } = await ask(model, true);
    expect(status).toBe(200);
    expect(text).toContain('"one"');
    expect(errorOf(text)).toMatchObject({ code });
    expect(failuresInRow()).toBe(1);
    await vi.waitFor(async () => expect((await counts()).requests[model]).toBeGreaterThan(0));
  });

  test('that drips without ever saying anything is cut off when the request has had its time', async () => {
    const { text } = await ask('drip', true);
    expect(errorOf(text).code).toBe('request_timeout');
  });

  test('never gets more memory than its limits', async () => {
    global.gc?.();
    const before = process.memoryUsage();
    let peak = 0;
    const timer = setInterval(() => {
      const { arrayBuffers, external, heapUsed } = process.memoryUsage();
      peak = Math.max(peak, arrayBuffers + external + heapUsed);
    }, 5);
    await Promise.all(Array.from({ length: 4 }, () => ask('endless-line', true)));
    await Promise.all(Array.from({ length: 4 }, () => ask('endless-body', false)));
    clearInterval(timer);
    expect(peak - before.arrayBuffers - before.external - before.heapUsed).toBeLessThan(150 * MB);
  });

  test('does not outrun a caller that reads slowly', async () => {
    const controller = new AbortController();
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'far/endless-events',
        messages: [{ role: 'user', content: 'x' }],
        stream: true,
      }),
      signal: controller.signal,
    });
    expect(response.status).toBe(200);
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    await new Promise((resolve) => setTimeout(resolve, 800));
    const grown = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before;
    controller.abort();
    expect(grown).toBeLessThan(100 * MB);
    await vi.waitFor(async () => expect((await counts()).open).toBeLessThan(3));
  });

  test('whose bytes are no UTF-8 reaches the caller as valid text', async () => {
    const { text } = await ask('not-utf8', true);
    expect(text).toContain('a\ufffd\ufffd\ufffdb');
    expect(text).not.toContain('"error"');
  });

  test('whose headers carry the names of a prototype harms nobody', async () => {
    expect((await ask('strange-headers', false)).text).toContain('well');
    expect(({} as Record<string, unknown>)['1']).toBeUndefined();
    expect((await ask('well', false)).text).toContain('well');
  });

  test('that redirects is not followed', async () => {
    const before = (await counts()).requests.well ?? 0;
    const { status, text } = await ask('redirect', false);
    expect([status, errorOf(text).code]).toEqual([502, 'upstream_error']);
    expect(errorOf(text).message).toContain('Redirects are not followed');
    expect((await counts()).requests.well ?? 0).toBe(before);
  });

  test('cannot slip a second answer into the next request', async () => {
    for (let index = 0; index < 5; index += 1) {
      await ask('two-answers', false);
      expect((await ask('well', false)).text).not.toContain('EVIL');
    }
  });

  test('that is killed in the middle of streams ends each of them with an error, and opens its circuit', async () => {
    const victim = await startHostileUpstream();
    const other = await startGateway(
      {},
      {
        backends: [{ name: 'far', kind: 'openai', baseUrl: `${victim.url}/v1` }],
        routing: { maxAttempts: 1, breaker: { failures: 3 } },
      },
    );
    try {
      await vi.waitFor(() => expect(other.gateway.readiness().status).toBe('ready'));
      const streams = Array.from({ length: 5 }, () => ask('words', true, other));
      await vi.waitFor(() => expect(other.gateway.queue.inFlight).toBe(5));
      await new Promise((resolve) => setTimeout(resolve, 100));
      victim.child.kill('SIGKILL');
      for (const { status, text } of await Promise.all(streams))
        expect([status, errorOf(text).code]).toEqual([200, 'upstream_cut']);
      await vi.waitFor(() => expect(other.gateway.queue.inFlight).toBe(0));
      const refused = await ask('words', true, other);
      expect([refused.status, errorOf(refused.text).code]).toEqual([503, 'circuit_open']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(other.gateway.status().backends[0]?.circuit).toMatchObject({ state: 'open' });
    } finally {
      await other.close();
    }
  });
});
