import type { ChildProcess } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type KeyCreated, KeyCreatedSchema, KeyListSchema } from '@skilldeck/agent-skills';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGateway, startUpstream, type TestGateway } from '../testing/start-gateway.ts';

describe('keys of a running gateway', () => {
  const OWNER = 'sk-owner-key';
  const ADMIN = 'sk-admin-key';
  let upstream: { url: string; child: ChildProcess };
  let gateway: TestGateway;

  beforeAll(async () => {
    upstream = await startUpstream();
    gateway = await startGateway({
      UPSTREAM_BASE_URL: `${upstream.url}/v1`,
      GATEWAY_API_KEY: OWNER,
      ADMIN_API_KEY: ADMIN,
    });
    await vi.waitFor(() => expect(gateway.gateway.readiness().status).toBe('ready'));
  });

  afterAll(async () => {
    await gateway.close();
    upstream.child.kill();
  });

  const call = (method: string, route: string, key: string, body?: object) =>
    fetch(gateway.url + route, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  const make = async (settings: object): Promise<KeyCreated> => {
    const response = await call('POST', '/admin/keys', ADMIN, { name: 'script', ...settings });
    expect(response.status).toBe(201);
    return KeyCreatedSchema.parse(await response.json());
  };
  const chat = (key: string, more: object = {}) =>
    call('POST', '/v1/chat/completions', key, { messages: [{ role: 'user', content: 'hello' }], ...more });
  const codeOf = async (response: Response) =>
    ((await response.json()) as { error: { code: string } }).error.code;

  test('are made by the admin key only, and told once', async () => {
    expect(await codeOf(await call('POST', '/admin/keys', OWNER, { name: 'x' }))).toBe('scope_missing');
    const { key, secret } = await make({});
    expect((await chat(secret)).status).toBe(200);
    const text = await (await call('GET', '/admin/keys', ADMIN)).text();
    expect(text).toContain(key.id);
    expect(text).not.toContain(secret);
    const file = path.join(gateway.directory, 'config', 'keys.json');
    expect(await readFile(file, 'utf8')).not.toContain(secret);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('do what their scopes say, for the models they name', async () => {
    const { secret } = await make({ scopes: ['models'] });
    expect((await call('GET', '/v1/models', secret)).status).toBe(200);
    expect(await codeOf(await chat(secret))).toBe('scope_missing');
    expect(await codeOf(await call('GET', '/admin/status', secret))).toBe('scope_missing');
    const narrow = await make({ models: ['fake'] });
    expect((await chat(narrow.secret, { model: 'fake' })).status).toBe(200);
    expect(await codeOf(await chat(narrow.secret, { model: 'slow' }))).toBe('model_not_found');
    const idsOf = async (secret: string) =>
      ((await (await call('GET', '/v1/models', secret)).json()) as { data: { id: string }[] }).data.map(
        ({ id }) => id,
      );
    expect(await idsOf(secret)).toEqual(expect.arrayContaining(['fake', 'slow']));
    expect(await idsOf(narrow.secret)).toEqual(['fake']);
    expect((await call('GET', '/v1/models/fake', narrow.secret)).status).toBe(200);
    expect(await codeOf(await call('GET', '/v1/models/slow', narrow.secret))).toBe('model_not_found');
  });

  test('end when they expire, are switched off, rotated or removed', async () => {
    const late = await make({ expiresAt: '2020-01-01T00:00:00Z' });
    expect(await codeOf(await chat(late.secret))).toBe('key_expired');
    const { key, secret } = await make({});
    const { secret: next } = KeyCreatedSchema.parse(
      await (await call('POST', `/admin/keys/${key.id}/rotate`, ADMIN)).json(),
    );
    expect([(await chat(secret)).status, (await chat(next)).status]).toEqual([401, 200]);
    await call('PUT', `/admin/keys/${key.id}`, ADMIN, { name: 'script', disabled: true });
    expect((await chat(next)).status).toBe(401);
    expect((await call('DELETE', `/admin/keys/${key.id}`, ADMIN)).status).toBe(200);
    expect((await call('DELETE', `/admin/keys/${key.id}`, ADMIN)).status).toBe(404);
  });

  test('are held to their limits, with the time to wait', async () => {
    const { secret } = await make({ limits: { requestsPerMinute: 2 } });
    const first = await chat(secret);
    expect(first.headers.get('x-ratelimit-remaining-requests')).toBe('1');
    expect((await chat(secret)).status).toBe(200);
    const refused = await chat(secret);
    expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, 30]);
    expect(await codeOf(refused)).toBe('rate_limited');
    const poor = await make({ limits: { tokensPerDay: 1 } });
    await chat(poor.secret);
    expect(await codeOf(await chat(poor.secret))).toBe('insufficient_quota');
  });

  test('have skills of their own where a request says nothing', async () => {
    await gateway.writeSkill('tea', '---\nname: tea\ndescription: Tea.\n---\nSay GREEN.\n');
    await gateway.gateway.skills.reload();
    const { secret } = await make({ skills: ['tea'] });
    expect((await chat(secret)).headers.get('x-skilldeck-skills')).toBe('tea');
    expect((await chat(secret, { skills: 'none' })).headers.get('x-skilldeck-skills')).toBe('');
  });

  test('are counted, and known again after a restart', async () => {
    const { key, secret } = await make({ name: 'counted' });
    await (await chat(secret)).text();
    const keys = gateway.gateway.keys.list().keys;
    const { usage } = keys.find(({ id }) => id === key.id) ?? {};
    expect(usage).toMatchObject({ requests: 1 });
    expect(usage?.promptTokens).toBeGreaterThan(0);
    await gateway.gateway.keys.dispose();
    await gateway.gateway.keys.open();
    const list = KeyListSchema.parse(await (await call('GET', '/admin/keys', ADMIN)).json());
    expect(list.keys.find(({ id }) => id === key.id)?.usage).toMatchObject({ requests: 1 });
    expect((await chat(secret)).status).toBe(200);
  });

  test('share no cached answer with each other', async () => {
    const [one, two] = [await make({}), await make({})];
    const ask = async (secret: string) =>
      (await chat(secret, { temperature: 0, messages: [{ role: 'user', content: 'cached' }] })).headers.get(
        'x-cache',
      );
    expect([await ask(one.secret), await ask(one.secret), await ask(one.secret)]).toEqual([
      'MISS',
      'HIT',
      'HIT',
    ]);
    expect(await ask(two.secret)).toBe('MISS');
  });

  test.each([
    [{ name: '' }],
    [{ name: 'x', scopes: ['root'] }],
    [{ name: 'x', scopes: ['admin'] }],
    [{ name: 'x', scopes: ['inference', 'metrics'] }],
    [{ name: 'x', limits: { requestsPerMinute: 0 } }],
    [{ name: 'x', expiresAt: 'tomorrow' }],
    [{ name: 'x', secret: 'mine' }],
    [[]],
  ])('are refused as %j', async (settings) => {
    expect((await call('POST', '/admin/keys', ADMIN, settings)).status).toBe(400);
  });
});

describe('a broken file of keys', () => {
  test('lets nobody in by it, and is never overwritten', async () => {
    const gateway = await startGateway({});
    try {
      const folder = path.join(gateway.directory, 'config');
      await mkdir(folder, { recursive: true });
      await writeFile(path.join(folder, 'keys.json'), '{ "version": 1, "keys": [ {');
      await gateway.gateway.keys.open();
      expect((await fetch(`${gateway.url}/v1/models`)).status).toBe(401);
      expect(gateway.gateway.keys.list().error).toMatch(/not JSON/);
      const created = await fetch(`${gateway.url}/admin/keys`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'x' }),
      });
      expect(created.status).toBe(400);
      expect(await readFile(path.join(folder, 'keys.json'), 'utf8')).toContain('"keys": [ {');
    } finally {
      await gateway.close();
    }
  });
});
