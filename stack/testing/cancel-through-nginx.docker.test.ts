import { readFile, writeFile } from 'node:fs/promises';
import type { ClientRequest } from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestWorkspace, run, type TestWorkspace } from './test-workspace.ts';

const MINUTES = 60_000;
const PROJECT = `skilldeck-cancel-${process.pid}`;
const UPSTREAM = `${PROJECT}-upstream`;
const FAKE_UPSTREAM = fileURLToPath(new URL('../../e2e/fake-upstream', import.meta.url));
const KEY = 'key-of-the-test-000000';
const ADMIN_KEY = 'admin-key-of-the-test-0';
const compose = process.env.DOCKER_COMPOSE_BIN ?? '';
const canRun =
  compose !== '' &&
  (await run('docker', ['info']).then(
    () => true,
    () => false,
  ));
const NEEDS = { meta: { needs: 'a Docker engine, and docker compose v2 named by DOCKER_COMPOSE_BIN' } };

describe.skipIf(!canRun)('callers of the real gateway behind the real nginx', NEEDS, () => {
  let workspace: TestWorkspace;
  let ca: string;

  const cli = (...args: string[]) =>
    run(compose, args, {
      cwd: workspace.dir,
      env: {
        ...process.env,
        ...workspace.env,
        SKILLDECK_SUBNET: '172.29.78.0/24',
        GATEWAY_API_KEY: KEY,
        ADMIN_API_KEY: ADMIN_KEY,
        DOCKER_BUILDKIT: '0',
      },
      maxBuffer: 64 * 1024 ** 2,
    });

  beforeAll(async () => {
    workspace = await createTestWorkspace(PROJECT, 'real');
    ca = await readFile(path.join(workspace.dir, 'certs/ca.crt'), 'utf8');
    const backend = { name: 'up', kind: 'openai', baseUrl: `http://${UPSTREAM}:9000/v1`, model: 'fake' };
    const config = { backends: [{ ...backend, maxConcurrent: 1 }], cache: { policy: 'off' } };
    await writeFile(path.join(workspace.dir, 'data/config/config.json'), JSON.stringify(config));
    await cli('up', '-d', '--build', '--wait', '--wait-timeout', '180');
    const network = (
      await run('docker', ['network', 'ls', '-q', '--filter', `label=com.docker.compose.project=${PROJECT}`])
    ).stdout.trim();
    const settings = ['-e', 'HOST=0.0.0.0', '-e', 'PORT=9000', '-e', 'SLOW_MS=150'];
    const image = `${PROJECT}-ai-gateway:local`;
    const mount = ['-v', `${FAKE_UPSTREAM}:/fake:ro`, '--entrypoint', 'node'];
    await run('docker', [
      'run',
      '-d',
      '--name',
      UPSTREAM,
      '--network',
      network,
      ...settings,
      ...mount,
      image,
      '/fake/server.mjs',
    ]);
    await vi.waitFor(async () => expect(await status(['backends', '0', 'state'])).toBe('ready'), {
      timeout: 30_000,
      interval: 200,
    });
  }, 10 * MINUTES);

  afterAll(async () => {
    await run('docker', ['rm', '-f', '-v', UPSTREAM]).catch(() => undefined);
    await cli('down', '--volumes', '--rmi', 'local', '--remove-orphans', '--timeout', '1');
    const images = [`${PROJECT}-ai-gateway:local`, `${PROJECT}-file-manager:local`];
    await run('docker', ['image', 'rm', '-f', ...images]).catch(() => undefined);
    await workspace.remove();
  }, 2 * MINUTES);

  interface Call {
    readonly request: ClientRequest;
    /** Resolves with all that came, or with the fault. */
    readonly end: Promise<{ readonly status: number; readonly text: string } | Error>;
    readonly firstWord: Promise<void>;
  }

  /** Asks through nginx. */
  function ask(content: string, stream: boolean): Call {
    let speak: () => void = () => undefined;
    const firstWord = new Promise<void>((done) => {
      speak = done;
    });
    let resolve: (end: { status: number; text: string } | Error) => void = () => undefined;
    const end = new Promise<{ status: number; text: string } | Error>((done) => {
      resolve = done;
    });
    const request = https.request(
      {
        host: '127.0.0.1',
        port: workspace.env.HTTPS_PORT,
        path: '/v1/chat/completions',
        method: 'POST',
        servername: 'localhost',
        ca,
        headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
          speak();
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.on('error', resolve);
      },
    );
    request.on('error', resolve);
    request.end(JSON.stringify({ stream, messages: [{ role: 'user', content }] }));
    return { request, end, firstWord };
  }

  async function own(where: string): Promise<string> {
    const url = `http://127.0.0.1:${workspace.env.GATEWAY_PORT}${where}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
    return response.text();
  }

  async function status(keys: readonly string[]): Promise<unknown> {
    const read = JSON.parse(await own('/admin/status')) as unknown;
    return keys.reduce((value, key) => (value as Record<string, unknown> | undefined)?.[key], read);
  }

  async function cancelled(phase: string): Promise<number> {
    const line = new RegExp(`^gateway_cancelled_total{phase="${phase}"} (\\d+)`, 'm').exec(
      await own('/metrics'),
    );
    return Number(line?.[1] ?? 0);
  }

  const running = async () => ((await status(['running'])) as unknown[]).length;
  const waiting = async () => ((await status(['waiting'])) as unknown[]).length;
  const isQuiet = () => expect.poll(running, { timeout: 5000, interval: 50 }).toBe(0);

  it('who leave while they wait free their place', async () => {
    const before = await cancelled('queued');
    const first = ask('x-fake:stall', false);
    await expect.poll(running, { interval: 50 }).toBe(1);
    const second = ask('hello', false);
    await expect.poll(waiting, { interval: 50 }).toBe(1);
    second.request.destroy();
    await expect.poll(waiting, { timeout: 2000, interval: 50 }).toBe(0);
    expect(await cancelled('queued')).toBe(before + 1);
    expect(await running()).toBe(1);
    first.request.destroy();
    await isQuiet();
  });

  it.each([true, false])(
    'who leave before the first word (stream: %s) end the call of the upstream',
    async (stream) => {
      const before = await cancelled('prefill');
      const call = ask('x-fake:stall', stream);
      await expect.poll(running, { interval: 50 }).toBe(1);
      call.request.destroy();
      await isQuiet();
      expect(await cancelled('prefill')).toBe(before + 1);
    },
  );

  it('who leave in the middle of a stream end it, and the next one is answered at once', async () => {
    const before = await cancelled('decode');
    const call = ask('x-fake:slow one two three four five six seven eight nine ten', true);
    await call.firstWord;
    call.request.destroy();
    await isQuiet();
    expect(await cancelled('decode')).toBe(before + 1);
    const next = await ask('hello', false).end;
    expect(next).toMatchObject({ status: 200, text: expect.stringContaining('hello') });
  });

  it('whose stream runs when the gateway is told to end get all of it', async () => {
    const call = ask('x-fake:slow one two three four five', true);
    await call.firstWord;
    const stopping = cli('stop', '--timeout', '25', 'ai-gateway');
    const end = await call.end;
    if (end instanceof Error) throw end;
    expect(end.text).toContain('five');
    expect(end.text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    await stopping;
  });
});
