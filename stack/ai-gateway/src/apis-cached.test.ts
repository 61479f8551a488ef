import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { JsonObject } from './json.ts';
import { startGateway, startUpstream, type TestGateway } from './testing/start-gateway.ts';

const messages = [{ role: 'user', content: 'hello' }];

/** One cache holds the common form; each API makes its own of it, whole or streamed. */
describe('answers from the cache', () => {
  let upstream: { url: string; child: ChildProcess };
  let gateway: TestGateway;

  beforeAll(async () => {
    upstream = await startUpstream();
    gateway = await startGateway({ UPSTREAM_BASE_URL: `${upstream.url}/v1` });
    await vi.waitFor(() => expect(gateway.gateway.readiness().status).toBe('ready'));
  });
  afterAll(async () => {
    await gateway.close();
    upstream.child.kill();
  });

  const ask = async (path: string, body: object) => {
    const response = await fetch(gateway.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return {
      cache: response.headers.get('x-cache'),
      id: response.headers.get('x-skilldeck-request-id'),
      text,
    };
  };
  const requests = async (): Promise<number> =>
    ((await (await fetch(`${upstream.url}/counts`)).json()) as { requests: number }).requests;
  const words = (text: string): string | undefined => /SYSTEM<<>> USER<<hello>>/.exec(text)?.[0];

  test.each([
    ['/v1/chat/completions', { model: 'fake', messages, temperature: 0 }],
    ['/v1/messages', { model: 'fake', max_tokens: 99, messages, temperature: 0 }],
    ['/v1/responses', { model: 'fake', input: 'hello', temperature: 0, max_output_tokens: 98 }],
  ])('are the ones of %s, whole and streamed, and name the request', async (path, body) => {
    const before = await requests();
    const [first, second, third] = [await ask(path, body), await ask(path, body), await ask(path, body)];
    expect([first.cache, second.cache, third.cache]).toEqual(['MISS', 'HIT', 'HIT']);
    const stable = ({ text }: { text: string }): JsonObject => ({
      ...(JSON.parse(text) as JsonObject),
      ...{ id: '', skilldeck: '', created_at: 0, completed_at: 0, output: '', created: 0, received: '' },
    });
    for (const answer of [first, second, third]) {
      expect(words(answer.text)).toBeDefined();
      expect(stable(answer)).toEqual(stable(first));
      expect((JSON.parse(answer.text) as { skilldeck: JsonObject }).skilldeck.requestId).toBe(answer.id);
    }
    const streamed = await ask(path, { ...body, stream: true });
    expect([streamed.cache, words(streamed.text)]).toEqual(['HIT', words(first.text)]);
    expect((await requests()) - before).toBe(1);
  });

  test.each([
    ['/v1/completions', { model: 'fake', prompt: 'hello', temperature: 0 }, /PROMPT<<hello>>/],
    ['/v1/embeddings', { model: 'fake', input: 'hello' }, /"embedding":\[[-\d]/],
    [
      '/v1/embeddings',
      { model: 'fake', input: 'hello', encoding_format: 'base64' },
      /"embedding":"[\w+/=]+"/,
    ],
  ])('are the ones of %s, too (%j)', async (path, body, words) => {
    const before = await requests();
    const [first, second] = [await ask(path, body), await ask(path, body)];
    expect([first.cache, second.cache]).toEqual(['MISS', 'HIT']);
    expect((await requests()) - before).toBe(1);
    const said = words.exec(first.text)?.[0];
    expect(said).toBeDefined();
    expect(second.text).toContain(said);
  });

  test('serve one API with what another one has asked for', async () => {
    const sampling = { temperature: 0, max_tokens: 77 };
    expect((await ask('/v1/chat/completions', { model: 'fake', messages, ...sampling })).cache).toBe('MISS');
    expect((await ask('/v1/messages', { model: 'fake', messages, ...sampling })).cache).toBe('HIT');
  });
});
