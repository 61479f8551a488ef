import type { IncomingMessage, ServerResponse } from 'node:http';
import { KeyCreatedSchema } from '@skilldeck/agent-skills';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startGateway, type TestGateway } from './testing/start-gateway.ts';
import { startUpstreamStub, type UpstreamStub } from './testing/start-upstream-stub.ts';

const OWNER = 'sk-owner-key';

/** Who waits for a slot, over HTTP: what the queue is told by keys and settings. */
describe('requests that wait for the only slot', () => {
  let upstream: UpstreamStub;
  let gateway: TestGateway;
  /** What was asked upstream, in its order, and how to answer the last one. */
  let asked: string[];
  let answer: () => void;

  beforeEach(async () => {
    upstream = await startUpstreamStub();
    asked = [];
    upstream.handle = (request: IncomingMessage, response: ServerResponse) => {
      let body = '';
      request.on('data', (text) => {
        body += text;
      });
      request.once('end', () => {
        answer = () => {
          const choices = [
            { index: 0, message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' },
          ];
          response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ choices }));
        };
        asked.push(String(JSON.parse(body).messages.at(-1).content).split(' ')[0] ?? '');
      });
    };
  });
  afterEach(async () => {
    await gateway.close();
    await upstream.close();
  });

  const start = async (config: object = {}) => {
    gateway = await startGateway(
      { GATEWAY_API_KEY: OWNER },
      {
        backends: [{ name: 'far', kind: 'openai', baseUrl: upstream.url, model: 'stub' }],
        maxConcurrent: 1,
        ...config,
      },
    );
    await vi.waitFor(() => expect(gateway.gateway.readiness().status).toBe('ready'));
  };
  const post = (path: string, key: string, body: object) =>
    fetch(gateway.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const ask = (content: string, key = OWNER) =>
    post('/v1/chat/completions', key, { messages: [{ role: 'user', content }] });
  const makeKey = async (settings: object) =>
    KeyCreatedSchema.parse(await (await post('/admin/keys', OWNER, settings)).json()).secret;
  const waiting = (count: number) => vi.waitFor(() => expect(gateway.gateway.queue.depth).toBe(count));
  const next = async (count: number) => {
    answer();
    await vi.waitFor(() => expect(asked).toHaveLength(count));
  };

  test('go on by the priority of their keys: a person before a batch that came first', async () => {
    await start();
    const batch = await makeKey({ name: 'nightly', priority: 'batch' });
    const panel = await makeKey({ name: 'panel' });
    const answers = [ask('first')];
    await vi.waitFor(() => expect(asked).toEqual(['first']));
    answers.push(ask('batch', batch));
    await waiting(1);
    answers.push(ask('person', panel));
    await waiting(2);
    await next(2);
    await next(3);
    answer();
    expect(asked).toEqual(['first', 'person', 'batch']);
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  test('are refused with 429 and a time beyond the tokens that may wait, and let in again afterwards', async () => {
    await start({ maxQueuedTokens: 200 });
    const answers = [ask('first')];
    await vi.waitFor(() => expect(asked).toEqual(['first']));
    answers.push(ask(`long ${'word '.repeat(400)}`));
    await waiting(1);
    const refused = await ask('short');
    expect([refused.status, refused.headers.has('retry-after')]).toEqual([429, true]);
    expect(await refused.json()).toMatchObject({ error: { code: 'queue_tokens_full' } });
    await next(2);
    answers.push(ask('short'));
    await waiting(1);
    await next(3);
    answer();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(gateway.gateway.queue.queuedTokens).toBe(0);
  });
});
