import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { KeyCreatedSchema } from '@skilldeck/agent-skills';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { GatewayError } from '../gateway-error.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';

interface Asked {
  readonly text: string;
  readonly response: ServerResponse;
}

describe('count_tokens', () => {
  /** What the tokenizer was asked and has not answered. */
  let open: Asked[];
  let texts: string[];
  let holds: boolean;
  const server = createServer(async (request, response) => {
    if (request.method === 'GET') {
      response.end(JSON.stringify({ data: [{ id: 'm', owned_by: 'llamacpp' }] }));
      return;
    }
    const { content: text } = JSON.parse(await textOf(request)) as { content: string };
    texts.push(text);
    const asked = { text, response };
    open.push(asked);
    response.once('close', () => {
      open = open.filter((one) => one !== asked);
    });
    if (!holds) answer(asked);
  });
  /** As many tokens as there are words. */
  const answer = ({ response, text }: Asked): void => {
    response.end(JSON.stringify({ tokens: text.match(/\S+/g) ?? [] }));
  };
  let gateway: TestGateway;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    gateway = await startGateway(
      { GATEWAY_API_KEY: 'sk-owner-key' },
      { backends: [{ name: 'far', kind: 'openai', baseUrl }] },
    );
    await vi.waitFor(() => expect(gateway.gateway.readiness().status).toBe('ready'));
  });
  beforeEach(() => {
    open = [];
    texts = [];
    holds = false;
  });
  afterAll(async () => {
    await gateway.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const count = (said: string, key = 'sk-owner-key', at = gateway) =>
    fetch(`${at.url}/v1/messages/count_tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': key },
      body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: said }] }),
    });
  const keyWith = async (settings: object): Promise<string> => {
    const response = await fetch(`${gateway.url}/admin/keys`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sk-owner-key' },
      body: JSON.stringify({ name: 'script', ...settings }),
    });
    return KeyCreatedSchema.parse(await response.json()).secret;
  };
  const codeOf = async (response: Response) =>
    ((await response.json()) as { error: { code: string } }).error.code;

  test('asks the tokenizer of the server', async () => {
    expect(await (await count('one two three')).json()).toEqual({
      input_tokens: 3,
      skilldeck: { estimated: false },
    });
  });

  test('is a request of its key, without tokens', async () => {
    const secret = await keyWith({ limits: { requestsPerMinute: 2, tokensPerDay: 10 } });
    const first = await count('one two', secret);
    expect([first.status, first.headers.get('x-ratelimit-remaining-requests')]).toEqual([200, '1']);
    expect((await count('one two', secret)).status).toBe(200);
    const refused = await count('one two', secret);
    expect([refused.status, await codeOf(refused)]).toEqual([429, 'rate_limited']);
    const key = gateway.gateway.keys.list().keys.at(-1);
    expect(key?.usage).toMatchObject({ requests: 2, promptTokens: 0, tokensToday: 0 });
  });

  test('is under way for its key until it is answered, also when the caller leaves', async () => {
    const secret = await keyWith({ limits: { concurrent: 1 } });
    holds = true;
    const first = count('one', secret);
    await vi.waitFor(() => expect(open).toHaveLength(1));
    expect(await codeOf(await count('two', secret))).toBe('rate_limited');
    for (const asked of open) answer(asked);
    expect((await first).status).toBe(200);
    holds = false;
    await vi.waitFor(async () => expect((await count('three', secret)).status).toBe(200));
  });

  test('is for the models that the key may ask for', async () => {
    const refused = await count('one', await keyWith({ models: ['another'] }));
    expect([refused.status, await codeOf(refused)]).toEqual([404, 'model_not_found']);
    expect(texts).toEqual([]);
  });

  test('asks for one text at a time, whoever wants more at once', async () => {
    const secret = await keyWith({});
    holds = true;
    const asked = ['one', 'two 2', 'three 3 3'].map((said) => count(said, secret));
    await vi.waitFor(() => expect(gateway.gateway.keys.list().keys.at(-1)?.usage.requests).toBe(3));
    for (const answered of [1, 2, 3]) {
      await vi.waitFor(() => expect(texts).toHaveLength(answered));
      expect(open).toHaveLength(1);
      for (const one of open) answer(one);
    }
    const counts = await Promise.all(asked.map(async (response) => (await response).json()));
    expect(counts.map((one) => (one as { input_tokens: number }).input_tokens)).toEqual([1, 2, 3]);
  });

  test('asks for a long text in pieces, and leaves when the caller does', async () => {
    const words = 'word '.repeat(100_000);
    expect(await (await count(words)).json()).toMatchObject({ input_tokens: 100_000 });
    expect(texts.length).toBeGreaterThan(10);
    expect(texts.join('')).toBe(words);
    holds = true;
    const left = new AbortController();
    const gone = fetch(`${gateway.url}/v1/messages/count_tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': 'sk-owner-key' },
      body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: words }] }),
      signal: left.signal,
    });
    await vi.waitFor(() => expect(open).toHaveLength(1));
    left.abort();
    await expect(gone).rejects.toThrow();
    await vi.waitFor(() => expect(open).toHaveLength(0));
  });

  test('is refused while the gateway shuts down', async () => {
    const last = await startGateway(
      {},
      { backends: [{ name: 'far', kind: 'openai', baseUrl: 'http://127.0.0.1:9/v1' }] },
    );
    try {
      await last.gateway.drain(0, new GatewayError('draining', 'The gateway was shut down.'));
      const refused = await count('one', 'none', last);
      expect([refused.status, await codeOf(refused)]).toEqual([529, 'draining']);
    } finally {
      await last.close();
    }
  });
});
