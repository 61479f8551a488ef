import type { ChildProcess } from 'node:child_process';
import { KeyCreatedSchema } from '@skilldeck/agent-skills';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGateway, startUpstream, type TestGateway } from '../testing/start-gateway.ts';

const OWNER = 'sk-owner-key';
const said = [{ role: 'user', content: 'word '.repeat(40) }];
const APIS = [
  ['chat/completions', true, { messages: said }],
  ['chat/completions', false, { messages: said }],
  ['completions', true, { prompt: 'word '.repeat(40) }],
  ['completions', false, { prompt: 'word '.repeat(40) }],
  ['embeddings', false, { input: 'word '.repeat(40) }],
  ['responses', true, { input: 'word '.repeat(40) }],
  ['responses', false, { input: 'word '.repeat(40) }],
  ['messages', true, { messages: said, max_tokens: 100 }],
  ['messages', false, { messages: said, max_tokens: 100 }],
] as const;

describe('the limits of a key', () => {
  let upstream: { url: string; child: ChildProcess };
  let gateway: TestGateway;

  beforeAll(async () => {
    upstream = await startUpstream();
    gateway = await startGateway({ UPSTREAM_BASE_URL: `${upstream.url}/v1`, GATEWAY_API_KEY: OWNER });
    await vi.waitFor(() => expect(gateway.gateway.readiness().status).toBe('ready'));
  });
  afterAll(async () => {
    await gateway.close();
    upstream.child.kill();
  });

  const post = (route: string, key: string, body: object, headers = {}) =>
    fetch(gateway.url + route, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const makeKey = async (limits: object) => {
    const response = await post('/admin/keys', OWNER, { name: 'script', limits });
    const { key, secret } = KeyCreatedSchema.parse(await response.json());
    return {
      secret,
      usage: () => gateway.gateway.keys.list().keys.find(({ id }) => id === key.id)?.usage,
    };
  };
  const refusal = async (response: Response) => {
    const { error } = (await response.json()) as { error: { code: string } };
    return { status: response.status, code: error.code, waits: response.headers.has('retry-after') };
  };

  describe.each(APIS)('at %s (stream: %s)', (api, stream, body) => {
    const ask = (secret: string) =>
      post(
        `/v1/${api}`,
        secret,
        { model: 'fake', ...body, ...(stream && { stream }) },
        { 'cache-control': 'no-store' },
      );

    test('are told with the answer, and tokens a minute are those that it took', async () => {
      const { secret, usage } = await makeKey({ requestsPerMinute: 100, tokensPerMinute: 300 });
      const [one, other] = [await ask(secret), await ask(secret)];
      expect([one.status, other.status]).toEqual([200, 200]);
      expect(one.headers.get('content-type')).toContain(stream ? 'event-stream' : 'json');
      const limits = [...one.headers].filter(([name]) => name.startsWith('x-ratelimit'));
      expect(Object.fromEntries(limits)).toEqual({
        'x-ratelimit-limit-requests': '100',
        'x-ratelimit-remaining-requests': '99',
        'x-ratelimit-reset-requests': '600ms',
        'x-ratelimit-limit-tokens': '300',
        // By the estimate of its prompt.
        'x-ratelimit-remaining-tokens': '250',
        'x-ratelimit-reset-tokens': '10000ms',
      });
      await Promise.all([one.text(), other.text()]);
      const { promptTokens = 0, completionTokens = 0, requests } = usage() ?? {};
      expect(requests).toBe(2);
      const each = (promptTokens + completionTokens) / 2;
      expect(each).toBeGreaterThan(0);
      const third = await ask(secret);
      await third.text();
      const left = Number(third.headers.get('x-ratelimit-remaining-tokens'));
      // Five tokens come back in each second that this takes.
      expect(left).toBeGreaterThanOrEqual(Math.floor(250 - 2 * each));
      expect(left).toBeLessThan(250 - 2 * each + 40);
    });

    test.each([
      ['a minute', { tokensPerMinute: 1 }, 'rate_limited'],
      ['a day', { tokensPerDay: 1 }, 'insufficient_quota'],
      ['a month', { tokensPerMonth: 1 }, 'insufficient_quota'],
    ])('end with the tokens of %s', async (_time, limits, code) => {
      const { secret, usage } = await makeKey(limits);
      const answer = await ask(secret);
      expect(answer.status).toBe(200);
      await answer.text();
      expect(await refusal(await ask(secret))).toEqual({ status: 429, code, waits: true });
      expect(usage()?.requests).toBe(1);
    });
  });

  test('count each of several identical requests that share one call', async () => {
    const calls = async () =>
      ((await (await fetch(`${upstream.url}/counts`)).json()) as { requests: number }).requests;
    const { secret, usage } = await makeKey({});
    const before = await calls();
    const ask = () => post('/v1/chat/completions', secret, { model: 'slow', temperature: 0, messages: said });
    const answers = await Promise.all([ask(), ask(), ask()]);
    const [first] = (await Promise.all(answers.map((answer) => answer.json()))) as {
      usage: { prompt_tokens: number; completion_tokens: number };
    }[];
    expect((await calls()) - before).toBe(1);
    expect(usage()).toMatchObject({
      requests: 3,
      promptTokens: 3 * (first?.usage.prompt_tokens ?? 0),
      completionTokens: 3 * (first?.usage.completion_tokens ?? 0),
    });
  });
});
