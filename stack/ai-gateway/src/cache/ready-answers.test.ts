import type { ChildProcess } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGateway, startUpstream, type TestGateway } from '../testing/start-gateway.ts';
import { ReadyAnswers, readyText } from './ready-answers.ts';

describe('ReadyAnswers', () => {
  const key = { caller: 'a', text: '{}', epoch: '1' };
  const answer = {
    expiresAt: 10,
    storedAt: 0,
    rawHeaders: [],
    backend: 'b',
    generation: 1,
    operation: 'chat' as const,
    model: 'm',
    skills: [],
  };
  const body = { choices: [], skilldeck: { requestId: 'old', skills: [] } };

  test('gives the same bytes with another request id', () => {
    const ready = new ReadyAnswers(() => 0);
    ready.put(key, body, answer);
    const found = ready.find(key);
    expect(JSON.parse(found === undefined ? '' : readyText(found, 'new'))).toEqual({
      choices: [],
      skilldeck: { requestId: 'new', skills: [] },
    });
  });

  test('finds nothing for another caller, other bytes, another epoch or after its time', () => {
    let now = 0;
    const ready = new ReadyAnswers(() => now);
    ready.put(key, body, answer);
    expect(ready.find({ ...key, caller: 'b' })).toBeUndefined();
    expect(ready.find({ ...key, text: '{ }' })).toBeUndefined();
    now = 10;
    expect(ready.find(key)).toBeUndefined();
    now = 0;
    ready.put(key, body, answer);
    expect(ready.find({ ...key, epoch: '2' })).toBeUndefined();
  });
});

describe('the cache of a running gateway', () => {
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

  const ask = async (content: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ model: 'fake', temperature: 0, messages: [{ role: 'user', content }] }),
    });
    const body = (await response.json()) as {
      choices: { message: { content: string } }[];
      skilldeck: { requestId: string };
    };
    return {
      cache: response.headers.get('x-cache'),
      id: response.headers.get('x-skilldeck-request-id'),
      ownId: body.skilldeck.requestId,
      text: body.choices[0]?.message.content,
    };
  };
  const requests = async (): Promise<number> =>
    ((await (await fetch(`${upstream.url}/counts`)).json()) as { requests: number }).requests;

  test('answers again without the upstream, each time under its own request id', async () => {
    const first = await ask('again');
    const before = await requests();
    const hits = [await ask('again'), await ask('again'), await ask('again')];
    expect([first.cache, ...hits.map(({ cache }) => cache)]).toEqual(['MISS', 'HIT', 'HIT', 'HIT']);
    expect(new Set(hits.map(({ text }) => text))).toEqual(new Set([first.text]));
    expect(new Set(hits.map(({ id }) => id)).size).toBe(3);
    for (const { id, ownId } of hits) expect(ownId).toBe(id);
    expect(await requests()).toBe(before);
  });

  test('never answers with words from before a skill was edited', async () => {
    await gateway.writeSkill('tea', '---\nname: tea\ndescription: How to brew tea.\n---\nSay GREEN.\n');
    await gateway.gateway.skills.reload();
    for (let time = 0; time < 3; time += 1) expect((await ask('brew tea')).text).toContain('GREEN');
    await gateway.writeSkill('tea', '---\nname: tea\ndescription: How to brew tea.\n---\nSay BLACK.\n');
    await gateway.gateway.skills.reload();
    const after = await ask('brew tea');
    expect([after.cache, after.text?.includes('BLACK')]).toEqual(['MISS', true]);
  });

  test('asks anew when the caller says so, and after it was emptied or switched off', async () => {
    for (let time = 0; time < 3; time += 1) await ask('fresh');
    expect((await ask('fresh', { 'cache-control': 'no-cache' })).cache).toBe('MISS');
    expect((await ask('fresh', { 'cache-control': 'no-store' })).cache).toBe('BYPASS');
    await fetch(`${gateway.url}/admin/cache`, { method: 'DELETE' });
    expect((await ask('fresh')).cache).toBe('MISS');
    for (let time = 0; time < 2; time += 1) expect((await ask('fresh')).cache).toBe('HIT');
    const file = path.join(gateway.directory, 'config.json');
    const config = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...config, cache: { policy: 'off' } }));
    await gateway.gateway.config.reload();
    expect((await ask('fresh')).cache).toBe('BYPASS');
    await writeFile(file, JSON.stringify(config));
    await gateway.gateway.config.reload();
  });

  test('counts hits by tier', async () => {
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toMatch(/gateway_cache_requests_total\{result="hit",tier="memory"\} [1-9]/);
  });
});
