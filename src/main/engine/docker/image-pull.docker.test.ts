import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OperationProgress } from '../stack-engine.ts';
import type { Connection } from './connect.ts';
import { connectForTest } from './docker-test-bed.ts';
import { type FakeRegistry, type FakeRegistryOptions, startFakeRegistry } from './fake-registry.ts';
import { readHostFacts } from './host-facts.ts';
import { pullImage } from './image-pull.ts';
import { RegistryCredentials } from './registry-credentials.ts';

const never = new AbortController().signal;
const login = { username: 'ann', password: 'pass-word-of-ann' };
let connection: Connection;
let registry: FakeRegistry;
let folder = '';
let pulled: string[] = [];

beforeAll(async () => {
  connection = await connectForTest();
});
afterAll(() => connection.api.dispose());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skilldeck-pull-'));
});
afterEach(async () => {
  await registry.stop();
  for (const reference of pulled)
    await connection.api.json({ method: 'DELETE', path: `/images/${reference}`, accept: [404] });
  pulled = [];
  await rm(folder, { recursive: true, force: true });
});

/** Pulls the registry's image with the given `config.json`; answers what was reported. */
async function pull(
  config: unknown,
  options: FakeRegistryOptions,
  part: { readonly signal?: AbortSignal; readonly platform?: string } = {},
): Promise<OperationProgress[]> {
  registry = await startFakeRegistry(options);
  const reference = `${registry.host}/skilldeck-test/app:1`;
  pulled.push(reference);
  const named = JSON.stringify(config).replaceAll('REGISTRY', registry.host);
  await writeFile(join(folder, 'config.json'), named);
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}`, DOCKER_CONFIG: folder };
  const reported: OperationProgress[] = [];
  await pullImage(connection.api, {
    reference,
    service: 'web',
    credentials: new RegistryCredentials({ facts: readHostFacts(env) }),
    signal: never,
    report: (progress) => reported.push(progress),
    retryDelaysMs: [10, 10],
    ...part,
  });
  return reported;
}

const auth = Buffer.from(`${login.username}:${login.password}`).toString('base64');
const isThere = async () =>
  (await connection.api.json<{ Id?: string }>({ path: `/images/${pulled[0]}/json`, accept: [404] })).Id !==
  undefined;

describe('pullImage against a real engine and a registry', { timeout: 30_000 }, () => {
  it('pulls without a login where none is needed, and tells every layer', async () => {
    const reported = await pull({}, {}, { platform: 'linux/amd64' });
    expect(await isThere()).toBe(true);
    expect(reported.at(-1)).toMatchObject({ text: '2/2', layers: [{ status: 'done' }, { status: 'done' }] });
    expect(reported[0]?.layers?.[0]?.status).toBe('waiting');
    expect(reported.at(-1)?.current).toBe(reported.at(-1)?.total);
  });

  it.each(['basic', 'bearer'] as const)('signs in with the saved login (%s)', async (scheme) => {
    await pull({ auths: { REGISTRY: { auth } } }, { login, scheme });
    expect(await isThere()).toBe(true);
  });

  it('signs in with what a credential helper says', async () => {
    const answer = JSON.stringify({ Username: login.username, Secret: login.password });
    await writeFile(
      join(folder, 'docker-credential-sdtest'),
      `#!/bin/sh\ncat >/dev/null\necho '${answer}'\n`,
    );
    await chmod(join(folder, 'docker-credential-sdtest'), 0o755);
    await pull({ credHelpers: { REGISTRY: 'sdtest' } }, { login });
    expect(await isThere()).toBe(true);
  });

  it('says what to do without a login, with a wrong one and with a broken helper, and no secret', async () => {
    const wrong = Buffer.from('ann:wrong-word').toString('base64');
    const cases = [
      [{}, 'run "docker login"'],
      [{ auths: { REGISTRY: { auth: wrong } } }, 'did not accept'],
      [{ credsStore: 'no-such-helper' }, 'docker-credential-no-such-helper failed (it is not installed)'],
    ] as const;
    for (const [config, hint] of cases) {
      const fault = await pull(config, { login }).catch((error: unknown) => error);
      expect(fault).toMatchObject({ code: 'image.pull_failed', hint: expect.stringContaining(hint) });
      expect(JSON.stringify(fault)).not.toMatch(/wrong-word|pass-word/);
      expect(await isThere()).toBe(false);
      await registry.stop();
    }
  });

  it('tries again when the registry falters, and gives up after a few tries', async () => {
    const reported = await pull({}, { failures: 3 });
    expect(reported[0]?.output ?? '').toContain('trying again');
    expect(await isThere()).toBe(true);
    await registry.stop();
    await expect(pull({}, { failures: 1000 })).rejects.toMatchObject({ code: 'image.pull_failed' });
  });

  it('stops within a second when it is cancelled', async () => {
    let release = () => {};
    const hold = new Promise<void>((resolve) => {
      release = resolve;
    });
    const stop = new AbortController();
    const pulling = pull({}, { hold }, { signal: stop.signal }).catch((error: unknown) => error);
    await expect.poll(() => registry.requests.some((request) => request.includes('/manifests/'))).toBe(true);
    const before = performance.now();
    stop.abort();
    expect(await pulling).toMatchObject({ code: 'cancelled' });
    expect(performance.now() - before).toBeLessThan(1000);
    release();
    expect(await isThere()).toBe(false);
  });
});
