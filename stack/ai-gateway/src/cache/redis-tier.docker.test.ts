import { type ChildProcess, execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startGateway, startUpstream, type TestGateway } from '../testing/start-gateway.ts';

const run = promisify(execFile);
const docker = async (...args: string[]): Promise<string> => (await run('docker', args)).stdout.trim();
const IMAGE = 'redis:7.4-bookworm';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('two gateways and a Redis', () => {
  let redis = '';
  let url = '';
  let upstream: { url: string; child: ChildProcess };
  let gateways: TestGateway[] = [];

  const isUp = (gateway: TestGateway) => gateway.gateway.cache.status.redis === 'up';
  const requests = async (): Promise<number> =>
    ((await (await fetch(`${upstream.url}/counts`)).json()) as { requests: number }).requests;

  async function ask(gateway: TestGateway | undefined, content: string, stream = false) {
    const startedAt = performance.now();
    const response = await fetch(`${gateway?.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'fake', temperature: 0, stream, messages: [{ role: 'user', content }] }),
    });
    const text = await response.text();
    const ms = performance.now() - startedAt;
    return { status: response.status, cache: response.headers.get('x-cache'), text, ms };
  }

  beforeAll(async () => {
    // A fixed port, so that it is found again after it was killed.
    // A fixed port, so that it is found again after it was killed.
    const port = await freePort();
    const command = ['redis-server', '--protected-mode', 'no'];
    redis = await docker('run', '-d', '-p', `127.0.0.1:${port}:6379`, IMAGE, ...command);
    url = `redis://127.0.0.1:${port}/0`;
    upstream = await startUpstream();
    const variables = { UPSTREAM_BASE_URL: `${upstream.url}/v1`, REDIS_URL: url };
    gateways = await Promise.all([startGateway(variables), startGateway(variables)]);
    await vi.waitFor(() => expect(gateways.every(isUp)).toBe(true), 10_000);
    await vi.waitFor(() =>
      expect(gateways.every(({ gateway }) => gateway.readiness().status === 'ready')).toBe(true),
    );
  }, 60_000);

  afterAll(async () => {
    for (const gateway of gateways) await gateway.close();
    upstream?.child.kill();
    await docker('rm', '-f', '-v', redis);
  });

  test('share their answers, whole and streamed', async () => {
    const [one, two] = gateways;
    expect((await ask(one, 'shared')).cache).toBe('MISS');
    const before = await requests();
    await vi.waitFor(async () => expect((await ask(two, 'shared')).cache).toBe('HIT'));
    const streamed = await ask(two, 'shared', true);
    expect([streamed.cache, streamed.text.includes('[DONE]')]).toEqual(['HIT', true]);
    expect((await requests()) - before).toBeLessThanOrEqual(1);
  });

  test('take what somebody else has written there for a miss', async () => {
    const [one, two] = gateways;
    await ask(one, 'strange');
    const keys = (await docker('exec', redis, 'redis-cli', '--raw', 'keys', '*')).split('\n');
    for (const [index, key] of keys.entries())
      await docker('exec', redis, 'redis-cli', 'set', key, index % 2 === 0 ? 'no json' : '{"body":7}');
    expect(await ask(two, 'strange')).toMatchObject({ status: 200, cache: 'MISS' });
  });

  test('go on without a Redis that was killed, quickly, and find it again', async () => {
    const [one] = gateways;
    await docker('kill', '--signal', 'KILL', redis);
    for (let time = 0; time < 5; time += 1) {
      const answer = await ask(one, `away ${time}`);
      expect([answer.status, answer.cache]).toEqual([200, 'MISS']);
      expect((await ask(one, `away ${time}`)).cache).toBe('HIT');
    }
    await docker('start', redis);
    await vi.waitFor(() => expect(gateways.every(isUp)).toBe(true), 15_000);
  });

  test('do not wait for a Redis that has stopped answering', async () => {
    const frozen = await docker(
      'run',
      '-d',
      '-p',
      '127.0.0.1::6379',
      IMAGE,
      'redis-server',
      '--protected-mode',
      'no',
    );
    const port = (await docker('port', frozen, '6379')).split('\n')[0];
    const gateway = await startGateway({
      UPSTREAM_BASE_URL: `${upstream.url}/v1`,
      REDIS_URL: `redis://${port}/0`,
    });
    try {
      await vi.waitFor(() => expect(isUp(gateway)).toBe(true), 10_000);
      await docker('pause', frozen);
      const answer = await ask(gateway, 'frozen');
      expect(answer).toMatchObject({ status: 200, cache: 'MISS' });
      expect(answer.ms).toBeLessThan(2000);
    } finally {
      await gateway.close();
      await docker('rm', '-f', '-v', frozen);
    }
  });
});
