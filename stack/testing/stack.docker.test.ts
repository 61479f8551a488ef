import { readFile } from 'node:fs/promises';
import https from 'node:https';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestWorkspace, run, type TestWorkspace } from './test-workspace.ts';

const MINUTES = 60_000;
const PROJECT = `skilldeck-test-${process.pid}`;

/** The real `docker compose`: the plugin, or the binary that DOCKER_COMPOSE_BIN names. */
async function findCompose(): Promise<readonly string[] | undefined> {
  const candidates = [
    process.env.DOCKER_COMPOSE_BIN ? [process.env.DOCKER_COMPOSE_BIN] : [],
    ['docker', 'compose'],
  ];
  for (const [program, ...args] of candidates) {
    if (program === undefined) continue;
    const found = await run(program, [...args, 'version']).then(
      () => true,
      () => false,
    );
    if (
      found &&
      (await run('docker', ['info']).then(
        () => true,
        () => false,
      ))
    )
      return [program, ...args];
  }
  return undefined;
}

const compose = await findCompose();
const NEEDS = { meta: { needs: 'a Docker engine and docker compose v2; DOCKER_COMPOSE_BIN names one' } };

describe.skipIf(compose === undefined)('the bundled stack under the real docker compose', NEEDS, () => {
  let workspace: TestWorkspace;
  let ca: string;

  const cli = (...args: string[]) => {
    const [program = '', ...first] = compose ?? [];
    return run(program, [...first, ...args], {
      cwd: workspace.dir,
      env: { ...process.env, ...workspace.env, DOCKER_BUILDKIT: '0' },
      maxBuffer: 64 * 1024 ** 2,
    });
  };

  beforeAll(async () => {
    workspace = await createTestWorkspace(PROJECT, 'stand-in');
    ca = await readFile(path.join(workspace.dir, 'certs/ca.crt'), 'utf8');
    await cli('up', '-d', '--build', '--wait', '--wait-timeout', '120');
  }, 10 * MINUTES);

  afterAll(async () => {
    await cli('down', '--volumes', '--rmi', 'local', '--remove-orphans');
    await run('docker', [
      'image',
      'rm',
      '-f',
      `${PROJECT}-ai-gateway:local`,
      `${PROJECT}-file-manager:local`,
    ]).catch(() => undefined);
    await workspace.remove();
  }, 2 * MINUTES);

  interface Answer {
    readonly status: number;
    readonly headers: Readonly<Record<string, unknown>>;
    readonly text: string;
    /** Milliseconds after the request at which each chunk came. */
    readonly arrivals: readonly number[];
  }
  const ask = (
    url: string,
    options: https.RequestOptions & { body?: string; leaveAfterFirst?: boolean } = {},
  ) =>
    new Promise<Answer>((resolve, reject) => {
      const started = performance.now();
      const arrivals: number[] = [];
      const where = {
        host: '127.0.0.1',
        port: workspace.env.HTTPS_PORT,
        path: url,
        ca,
        servername: 'localhost',
      };
      const request = https.request({ ...where, ...options }, (response) => {
        let text = '';
        const done = () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, arrivals });
        response.setEncoding('utf8').on('data', (chunk: string) => {
          arrivals.push(performance.now() - started);
          text += chunk;
          if (options.leaveAfterFirst !== true) return;
          request.destroy();
          done();
        });
        response.on('end', done);
      });
      request.on('error', (error) => (options.leaveAfterFirst === true ? undefined : reject(error)));
      request.end(options.body);
    });

  it('brings every service up healthy, as an ordinary user on a read-only root', async () => {
    const { stdout } = await cli('ps', '--format', 'json');
    const states = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { Service: string; Health: string });
    expect(Object.fromEntries(states.map(({ Service, Health }) => [Service, Health]))).toEqual({
      'ai-gateway': 'healthy',
      'file-manager': 'healthy',
      'reverse-proxy': 'healthy',
    });
    for (const { Service } of states) {
      const id = await cli(
        'exec',
        '-T',
        Service,
        'bash',
        '-c',
        'id -u; touch /app/x /x 2>&1; grep CapEff /proc/self/status',
      );
      expect(id.stdout, Service).toMatch(
        new RegExp(
          `^${workspace.env.SKILLDECK_UID}\n(.*Read-only file system\n?|.*No such file.*\n)+CapEff:\\s+0+\n`,
        ),
      );
    }
  });

  it('has a configuration that nginx itself finds right', async () => {
    const { stderr } = await cli(
      'exec',
      '-T',
      'reverse-proxy',
      'nginx',
      '-t',
      '-c',
      '/etc/skilldeck/nginx.conf',
    );
    expect(stderr).toContain('test is successful');
  });

  it('streams through TLS chunk by chunk', async () => {
    const answer = await ask('/v1/stream');
    expect(answer.text.endsWith('data: [DONE]\n\n')).toBe(true);
    // Sent 200 ms apart: buffered, they would all have come at the end.
    expect(answer.arrivals.length).toBeGreaterThanOrEqual(5);
    expect((answer.arrivals.at(-1) ?? 0) - (answer.arrivals[0] ?? 0)).toBeGreaterThan(500);
  });

  it('tells the gateway when a client leaves in the middle of a stream', async () => {
    const before = Number((await ask('/v1/left')).text);
    await ask('/v1/stream', { leaveAfterFirst: true });
    await expect.poll(async () => Number((await ask('/v1/left')).text), { timeout: 5000 }).toBe(before + 1);
  });

  it('keeps the control surface inside, however it is spelt', async () => {
    for (const url of [
      '/admin',
      '/admin/skills',
      '/admin/skills/reload',
      '/%61dmin/skills',
      '/v1/../admin/skills',
      '/v1/%2e%2e/admin/skills',
      '/v1/..%2fadmin/skills',
      '//admin/skills',
      '/metrics',
    ]) {
      expect((await ask(url)).status, url).toBe(404);
    }
  });

  it('hands the gateway’s own refusals on as they are, with one request id', async () => {
    const answer = await ask('/v1/limits');
    expect([answer.status, answer.headers['retry-after'], answer.text]).toEqual([
      429,
      '7',
      '{"error":{"message":"full"}}',
    ]);
    const echo = JSON.parse(
      (await ask('/v1/echo', { headers: { 'x-request-id': 'my-own-id-123', 'x-forwarded-for': '6.6.6.6' } }))
        .text,
    );
    expect(echo.headers).toMatchObject({ 'x-request-id': 'my-own-id-123', 'x-forwarded-proto': 'https' });
    expect(echo.headers['x-forwarded-for']).not.toContain('6.6.6.6');
    const { stdout } = await cli('logs', '--no-log-prefix', 'reverse-proxy');
    const lines = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({ requestId: 'my-own-id-123', path: '/v1/echo', status: 200 }),
    );
  });

  it('serves the file manager under TLS, with a session that survives a restart', async () => {
    const headers = { 'content-type': 'application/json', 'x-skilldeck-request': '1' };
    const body = JSON.stringify({ user: 'admin', password: workspace.env.FILE_MANAGER_PASSWORD });
    const signIn = await ask('/api/session', { method: 'POST', headers, body });
    const [cookie = ''] = (signIn.headers['set-cookie'] as string[]).map((line) => line.split(';')[0]);
    expect(String(signIn.headers['set-cookie'])).toContain('Secure');
    await cli('restart', 'file-manager');
    await cli('up', '-d', '--wait');
    const save = await ask('/api/files/skills/written/SKILL.md', {
      method: 'PUT',
      headers: { ...headers, cookie },
      body: JSON.stringify({
        text: '---\nname: written\ndescription: Written through the proxy.\n---\nHello.\n',
        baseVersion: null,
      }),
    });
    expect([save.status, JSON.parse(save.text).diagnostics]).toEqual([200, []]);
    expect(await readFile(path.join(workspace.dir, 'data/skills/written/SKILL.md'), 'utf8')).toContain(
      'Hello.',
    );
    expect((await ask('/')).text).toContain('<title>Skilldeck files</title>');
  });

  it('runs init.sh in the gateway: once it makes the configuration, then it finds everything there', async () => {
    const init = () => cli('exec', '-T', 'ai-gateway', '/app/init.sh', '--config', '/app/config.json');
    expect((await init()).stdout).toMatch(/made {2}configuration[\s\S]*ready\n$/);
    const again = (await init()).stdout;
    expect(again).not.toContain('made');
    expect(again).toContain('ok    configuration is valid');
    expect(await readFile(path.join(workspace.dir, 'data/config/config.json'), 'utf8')).toContain(
      '"backends"',
    );
  });

  it(
    'answers 503 with a sentence while a service is away, and finds it again by itself',
    async () => {
      await cli('stop', 'ai-gateway');
      const away = await ask('/v1/models');
      expect([away.status, away.headers['retry-after']]).toEqual([503, '5']);
      expect(JSON.parse(away.text).error.code).toBe('service_unavailable');
      await cli('up', '-d', '--force-recreate', '--no-deps', '--wait', 'ai-gateway');
      await expect.poll(async () => (await ask('/healthz')).status, { timeout: 15_000 }).toBe(200);
    },
    MINUTES,
  );
});
