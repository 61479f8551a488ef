import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type KeyCreated, KeyCreatedSchema, KeyListSchema } from '@skilldeck/agent-skills';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startUpstream } from '../testing/start-gateway.ts';

const SERVER = fileURLToPath(new URL('../server.ts', import.meta.url));
const SLOW = { timeout: 20_000, interval: 30 };
const OWNER = 'sk-owner-key';

describe('the keys of gateways that end', () => {
  let directory: string;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'keys-process-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  });

  const start = async (env: Record<string, string> = {}) => {
    const child = spawn(process.execPath, [SERVER], {
      cwd: directory,
      env: { ...process.env, PORT: '0', DATA_DIR: directory, GATEWAY_API_KEY: OWNER, ...env },
    });
    children.push(child);
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
    });
    const url = await vi.waitFor(() => {
      const found = /"url":"([^"]+)"/.exec(output)?.[1];
      if (found === undefined) throw new Error(`not listening yet: ${output}`);
      return found;
    }, SLOW);
    const call = (route: string, key: string, body?: object) =>
      fetch(url + route, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      });
    return {
      child,
      call,
      makeKey: async (): Promise<KeyCreated> =>
        KeyCreatedSchema.parse(await (await call('/admin/keys', OWNER, { name: 'script' })).json()),
      keys: async () => KeyListSchema.parse(await (await call('/admin/keys', OWNER)).json()).keys,
    };
  };

  test('have counted the answer that SIGTERM let end', async () => {
    const upstream = await startUpstream();
    children.push(upstream.child);
    const first = await start({ UPSTREAM_BASE_URL: `${upstream.url}/v1` });
    const { secret } = await first.makeKey();
    const answer = await first.call('/v1/chat/completions', secret, {
      model: 'slow',
      stream: true,
      messages: [{ role: 'user', content: 'one two three four five six' }],
    });
    const ended = new Promise((resolve) => first.child.once('exit', resolve));
    first.child.kill('SIGTERM');
    expect(await answer.text()).toContain('[DONE]');
    expect(await ended).toBe(0);
    const [key] = await (await start()).keys();
    expect(key?.usage.requests).toBe(1);
    expect(key?.usage.promptTokens).toBeGreaterThan(0);
    expect(key?.usage.completionTokens).toBeGreaterThan(5);
  }, 60_000);

  test('are all there after one of two was killed in the middle of making some', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    const made: KeyCreated[] = [];
    const make = async (gateway: typeof one, most: number): Promise<void> => {
      for (let count = 0; count < most; count += 1) made.push(await gateway.makeKey());
    };
    const killed = make(one, 1000).catch(() => undefined);
    await vi.waitFor(() => expect(made.length).toBeGreaterThan(5), SLOW);
    const more = make(other, 5);
    one.child.kill('SIGKILL');
    await Promise.all([killed, more]);
    const ids = (await other.keys()).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(made.map(({ key }) => key.id)));
    for (const { secret } of made.slice(-10))
      expect((await other.call('/v1/models', secret)).status).toBe(200);
  }, 60_000);
});
