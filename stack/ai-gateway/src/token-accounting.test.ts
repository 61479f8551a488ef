import type { ChildProcess } from 'node:child_process';
import { KeyCreatedSchema, KeyListSchema } from '@skilldeck/agent-skills';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGateway, startUpstream, type TestGateway } from './testing/start-gateway.ts';
import { startUpstreamStub, type UpstreamStub } from './testing/start-upstream-stub.ts';

const ADMIN = { authorization: 'Bearer admin-key-of-the-test-0', 'content-type': 'application/json' };

/** What a key has used, for limits and budgets, where no backend tells it. */
describe('tokens', () => {
  let upstream: { url: string; child: ChildProcess };
  let silent: UpstreamStub;
  let gateway: TestGateway;

  beforeAll(async () => {
    upstream = await startUpstream();
    silent = await startUpstreamStub();
    gateway = await startGateway(
      { GATEWAY_API_KEY: 'owner-key-of-the-test-0', ADMIN_API_KEY: 'admin-key-of-the-test-0' },
      {
        backends: [
          { name: 'telling', kind: 'openai', baseUrl: `${upstream.url}/v1` },
          { name: 'silent', kind: 'openai', baseUrl: silent.url },
        ],
      },
    );
    await vi.waitFor(() =>
      expect(gateway.gateway.pool.backends.map(({ state }) => state.kind)).toEqual(['ready', 'ready']),
    );
  });
  afterAll(async () => {
    await gateway.close();
    await silent.close();
    upstream.child.kill();
  });

  const makeKey = async (limits = {}) => {
    const body = JSON.stringify({ name: 'of the test', limits });
    const response = await fetch(`${gateway.url}/admin/keys`, { method: 'POST', headers: ADMIN, body });
    const { key, secret } = KeyCreatedSchema.parse(await response.json());
    return { id: key.id, secret };
  };
  const ask = (secret: string, body: object, signal?: AbortSignal) =>
    fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      signal: signal ?? null,
      body: JSON.stringify({ messages: [{ role: 'user', content: 'word '.repeat(40) }], ...body }),
    });
  const usageOf = async (id: string) => {
    const list = KeyListSchema.parse(
      await (await fetch(`${gateway.url}/admin/keys`, { headers: ADMIN })).json(),
    );
    return list.keys.find((key) => key.id === id)?.usage;
  };
  /** Reads as far as the first words, then leaves. */
  const leave = async (secret: string, model: string): Promise<void> => {
    const leaver = new AbortController();
    const response = await ask(secret, { model, stream: true }, leaver.signal);
    await response.body?.getReader().read();
    leaver.abort();
  };

  test('of a stream whose caller leaves are those of its prompt and of the words until then', async () => {
    const { id, secret } = await makeKey({ tokensPerDay: 20 });
    await leave(secret, 'slow');
    await vi.waitFor(async () => expect((await usageOf(id))?.tokensToday).toBeGreaterThan(50));
    const refused = await ask(secret, { model: 'fake' });
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ error: { code: 'insufficient_quota' } });
  });

  test('of an answer that breaks off are counted, those of one that never began are not', async () => {
    const broken = await makeKey();
    await (await ask(broken.secret, { model: 'cut', stream: true })).text();
    await vi.waitFor(async () => expect((await usageOf(broken.id))?.tokensToday).toBeGreaterThan(50));
    const refused = await makeKey();
    expect((await ask(refused.secret, { model: 'error500' })).status).toBe(502);
    expect(await usageOf(refused.id)).toMatchObject({ requests: 1, tokensToday: 0 });
  });

  test('are not used by answers that are ready, which count as requests all the same', async () => {
    const { id, secret } = await makeKey({ requestsPerMinute: 4 });
    const answers = [];
    for (let time = 0; time < 5; time += 1)
      answers.push(await ask(secret, { model: 'fake', temperature: 0 }));
    expect(answers.map(({ headers }) => headers.get('x-cache'))).toEqual(['MISS', 'HIT', 'HIT', 'HIT', null]);
    expect(answers.map(({ headers }) => headers.get('x-ratelimit-remaining-requests'))).toEqual([
      '3',
      '2',
      '1',
      '0',
      null,
    ]);
    expect(answers.at(-1)?.status).toBe(429);
    await vi.waitFor(() =>
      expect(gateway.gateway.requests.list(1)).toMatchObject([{ principal: id, code: 'rate_limited' }]),
    );
  });

  test('are estimated where the upstream tells none', async () => {
    const { id, secret } = await makeKey();
    expect((await ask(secret, { model: 'stub' })).status).toBe(200);
    await vi.waitFor(async () =>
      expect(await usageOf(id)).toMatchObject({ promptTokens: 50, completionTokens: 2 }),
    );
  });
});
