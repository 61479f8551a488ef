import type { ChildProcess } from 'node:child_process';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGateway, startUpstream, type TestGateway } from './testing/start-gateway.ts';

describe('GET /v1/models', () => {
  let upstream: { url: string; child: ChildProcess };
  let gateway: TestGateway;

  beforeAll(async () => {
    upstream = await startUpstream();
    gateway = await startGateway(
      {},
      {
        backends: [{ name: 'up', kind: 'openai', baseUrl: `${upstream.url}/v1` }],
        models: { 'team/best': ['fake'] },
      },
    );
    await vi.waitFor(() => expect(gateway.gateway.readiness().status).toBe('ready'));
  });
  afterAll(async () => {
    await gateway.close();
    upstream.child.kill();
  });

  test('lists aliases and models to the client of OpenAI, and finds one by its name', async () => {
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'none', maxRetries: 0 });
    const ids: string[] = [];
    for await (const { id } of client.models.list()) ids.push(id);
    expect(ids.slice(0, 2)).toEqual(['team/best', 'fake']);
    expect(await client.models.retrieve('team/best')).toMatchObject({ id: 'team/best', object: 'model' });
    await expect(client.models.retrieve('nope')).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
  });

  test('lists them to the client of Anthropic in its own form', async () => {
    const client = new Anthropic({ baseURL: gateway.url, apiKey: 'none', maxRetries: 0 });
    const page = await client.models.list();
    expect(page.data[0]).toMatchObject({ type: 'model', id: 'team/best', display_name: 'team/best' });
    expect(page.has_more).toBe(false);
    expect(await client.models.retrieve('fake')).toMatchObject({ type: 'model', id: 'fake' });
  });

  test('sends no body while the list is the same', async () => {
    const first = await fetch(`${gateway.url}/v1/models`);
    const etag = first.headers.get('etag') ?? '';
    const second = await fetch(`${gateway.url}/v1/models`, { headers: { 'if-none-match': etag } });
    expect([second.status, await second.text()]).toEqual([304, '']);
    const third = await fetch(`${gateway.url}/v1/models`, { headers: { 'if-none-match': '"other"' } });
    expect(third.status).toBe(200);
  });
});
