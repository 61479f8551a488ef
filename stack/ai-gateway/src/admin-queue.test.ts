import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGateway, startUpstream, type TestGateway } from './testing/start-gateway.ts';

describe('/admin/queue', () => {
  let upstream: { url: string; child: ChildProcess };
  let gateway: TestGateway;

  beforeAll(async () => {
    upstream = await startUpstream();
    const backend = { kind: 'openai', baseUrl: `${upstream.url}/v1`, model: 'fake', maxConcurrent: 1 };
    gateway = await startGateway({}, { backends: [{ name: 'upstream', ...backend }] });
    await vi.waitFor(() => expect(gateway.gateway.readiness().status).toBe('ready'));
  });

  afterAll(async () => {
    await gateway.close();
    upstream.child.kill();
  });

  const ask = (id: string, stream = false, more: { temperature?: number; signal?: AbortSignal } = {}) =>
    fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': id },
      signal: more.signal ?? null,
      body: JSON.stringify({
        stream,
        temperature: more.temperature,
        messages: [{ role: 'user', content: 'x-fake:stall' }],
      }),
    });
  const end = (id: string) => fetch(`${gateway.url}/admin/queue/${id}`, { method: 'DELETE' });
  const list = async () =>
    (await (await fetch(`${gateway.url}/admin/queue`)).json()) as {
      running: { requestId: string }[];
      waiting: { requestId: string; position: number }[];
    };

  test('ends who waits and who runs, and tells them so in their own form', async () => {
    const runs = ask('runs-0001');
    await vi.waitFor(async () => expect((await list()).running).toHaveLength(1));
    const waits = ask('waits-001', true);
    await vi.waitFor(async () =>
      expect((await list()).waiting).toMatchObject([{ requestId: 'waits-001', position: 1 }]),
    );
    expect((await end('waits-001')).status).toBe(200);
    const refused = await waits;
    expect(refused.status).toBe(499);
    expect(await refused.json()).toMatchObject({ error: { code: 'cancelled_by_admin' } });
    expect((await end('runs-0001')).status).toBe(200);
    expect(await (await runs).json()).toMatchObject({ error: { code: 'cancelled_by_admin' } });
    await vi.waitFor(async () => expect(await list()).toMatchObject({ running: [], waiting: [] }));
  });

  test('ends a call that several wait for, also when the one that it is named after has left', async () => {
    const leaver = new AbortController();
    const first = ask('first-001', false, { temperature: 0, signal: leaver.signal }).catch(() => 'left');
    await vi.waitFor(async () => expect((await list()).running).toHaveLength(1));
    const begun = vi.spyOn(gateway.gateway, 'track');
    const second = ask('second-01', false, { temperature: 0 });
    await vi.waitFor(() => expect(begun).toHaveBeenCalledWith(expect.anything(), 'second-01'));
    begun.mockRestore();
    leaver.abort();
    expect(await first).toBe('left');
    expect((await list()).running).toMatchObject([{ requestId: 'first-001' }]);
    expect((await end('first-001')).status).toBe(200);
    expect(await (await second).json()).toMatchObject({ error: { code: 'cancelled_by_admin' } });
    await vi.waitFor(async () => expect(await list()).toMatchObject({ running: [], waiting: [] }));
  });

  test('knows no request that is over', async () => {
    expect((await end('waits-001')).status).toBe(404);
  });
});
