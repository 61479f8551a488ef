import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Operation } from '../../plan/operation.ts';
import type { OperationProgress } from '../stack-engine.ts';
import { DockerEngine } from './docker-engine.ts';
import { testProject } from './docker-test-bed.ts';
import {
  type FakeDocker,
  type FakeRoute,
  json,
  pieces,
  refuse,
  startFakeDocker,
} from './fake-docker-server.ts';

const never = new AbortController().signal;
const project = testProject({ web: { image: 'nginx:1.28' } });
let fake: FakeDocker | undefined;

afterEach(async () => {
  await fake?.stop();
  fake = undefined;
});

async function connected(routes: Readonly<Record<string, FakeRoute>>): Promise<FakeDocker> {
  fake = await startFakeDocker(routes);
  await fake.engine.connect(never);
  return fake;
}

async function apply({ engine }: FakeDocker, operation: Operation): Promise<OperationProgress[]> {
  const reported: OperationProgress[] = [];
  await engine.apply(operation, { project, signal: never, report: (progress) => reported.push(progress) });
  return reported;
}

const pull: Operation = { kind: 'pull-image', service: 'web' };

describe('DockerEngine.connect', () => {
  const engineAt = (host: string, isInstalled = false) =>
    new DockerEngine({
      facts: {
        platform: 'linux',
        env: { DOCKER_HOST: host },
        homeDir: '/none',
        readText: async () => undefined,
      },
      isInstalled: async () => isInstalled,
    });
  const nowhere = (isInstalled: boolean) =>
    new DockerEngine({
      facts: {
        platform: 'darwin',
        env: { DOCKER_CONFIG: '/none' },
        homeDir: '/none',
        readText: async () => undefined,
      },
      isInstalled: async () => isInstalled,
      openApi: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOENT' })),
    });

  it('agrees on a version and pins it', async () => {
    const docker = await connected({});
    expect(await docker.engine.connect(never)).toEqual({
      context: 'DOCKER_HOST',
      version: '28.0.0',
      apiVersion: '1.48',
    });
  });

  it('tells an engine that is not installed from one that is not running', async () => {
    await expect(nowhere(false).connect(never)).rejects.toMatchObject({ code: 'engine.not_installed' });
    await expect(nowhere(true).connect(never)).rejects.toMatchObject({ code: 'engine.not_running' });
    await expect(engineAt('unix:///none/docker.sock').connect(never)).rejects.toMatchObject({
      code: 'engine.not_running',
    });
  });

  it('says how to get permission', async () => {
    const denied = new DockerEngine({
      facts: {
        platform: 'linux',
        env: { DOCKER_HOST: 'unix:///x' },
        homeDir: '/',
        readText: async () => undefined,
      },
      openApi: () => Promise.reject(Object.assign(new Error('x'), { code: 'EACCES' })),
    });
    await expect(denied.connect(never)).rejects.toMatchObject({
      code: 'engine.permission_denied',
      hint: expect.stringContaining('usermod -aG docker $USER'),
    });
  });

  it('refuses an engine that is too old, and something that is no engine', async () => {
    fake = await startFakeDocker({ 'GET /version': json({ Version: '19.03', ApiVersion: '1.40' }) });
    await expect(fake.engine.connect(never)).rejects.toMatchObject({ code: 'engine.too_old' });
    await fake.stop();
    fake = await startFakeDocker({ 'GET /version': pieces('<html>') });
    await expect(fake.engine.connect(never)).rejects.toMatchObject({ code: 'engine.unreachable' });
  });

  it('answers calls without a connection with a coded fault', async () => {
    await expect(engineAt('unix:///x').observe('p', [], never)).rejects.toMatchObject({
      code: 'engine.unreachable',
    });
  });
});

describe('DockerEngine.apply', () => {
  it('takes "already so" for done', async () => {
    const docker = await connected({
      'GET /containers/json': json([{ Id: 'c1' }]),
      'GET /containers/c1/json': json({ Id: 'c1', Name: '/x', Image: 'i', State: {}, Config: {} }),
      'POST /containers/c1/start': json('', 304),
      'POST /containers/c1/stop': json('', 304),
      'DELETE /containers/c1': refuse(409, 'removal of container c1 is already in progress'),
    });
    await apply(docker, { kind: 'start-container', service: 'web', number: 1 });
    await apply(docker, { kind: 'stop-container', service: 'web', containerId: 'c1' });
    await apply(docker, { kind: 'stop-container', service: 'web', containerId: 'gone' });
    await apply(docker, { kind: 'remove-container', service: 'web', containerId: 'c1' });
    await apply(docker, { kind: 'remove-container', service: 'web', containerId: 'gone' });
    await apply(docker, { kind: 'remove-network', network: 'default', networkId: 'gone' });
    await apply(docker, { kind: 'remove-volume', volume: 'gone' });
  });

  it('leaves a container of the same name that is not ours alone', async () => {
    const docker = await connected({
      'GET /images/nginx:1.28/json': json({ Id: 'sha256:aa' }),
      'POST /containers/create': refuse(409, 'Conflict. The container name "/x" is already in use by "y".'),
      [`GET /containers/${project.name}-web-1/json`]: json({
        Id: 'x',
        Name: 'x',
        Image: 'i',
        State: {},
        Config: { Labels: {} },
      }),
    });
    const creating = apply(docker, { kind: 'create-container', service: 'web', number: 1 });
    await expect(creating).rejects.toMatchObject({ code: 'engine.request_failed', params: { status: 409 } });
    expect(docker.requests.filter((request) => request.startsWith('DELETE'))).toEqual([]);
  });

  it('asks again when a kept connection was cut, but never repeats what changes something', async () => {
    let questions = 0;
    const docker = await connected({
      'GET /containers/json': (response, request, query) => {
        questions += 1;
        if (questions === 1) response.destroy();
        else json([])(response, request, query);
      },
      'POST /containers/c1/stop': (response) => void response.destroy(),
    });
    expect(await docker.engine.listProjects(never)).toEqual([]);
    const stopping = apply(docker, { kind: 'stop-container', service: 'web', containerId: 'c1' });
    await expect(stopping).rejects.toMatchObject({ code: 'engine.unreachable' });
    expect(docker.requests.filter((request) => request.endsWith('/stop'))).toHaveLength(1);
  });

  it('fails a pull whose fault comes inside the stream, in old and new shapes', async () => {
    for (const fault of ['{"errorDetail":{"message":"manifest unknown"}}', '{"error":"manifest unknown"}']) {
      const docker = await connected({
        'POST /images/create': pieces('{"status":"Pulling","id":"a"}\r\n', fault),
      });
      await expect(apply(docker, pull)).rejects.toMatchObject({
        code: 'image.pull_failed',
        params: { image: 'nginx:1.28', reason: 'manifest unknown' },
      });
      await docker.stop();
    }
  });

  it('reads pull progress that is cut anywhere', async () => {
    const line = '{"status":"Downloading","id":"é","progressDetail":{"current":5,"total":10}}\n';
    const bytes = Buffer.from(line);
    const docker = await connected({
      'POST /images/create': pieces(...[...bytes].map((byte) => Buffer.from([byte]))),
    });
    expect(await apply(docker, pull)).toMatchObject([{ current: 4, total: 10, text: '0/1' }]);
  });

  it('tells a full disk and a lost engine', async () => {
    const full = await connected({
      'POST /images/create': pieces('{"errorDetail":{"message":"write: no space left on device"}}'),
    });
    await expect(apply(full, pull)).rejects.toMatchObject({ code: 'disk_full' });
    await full.stop();
    const cut = await connected({ 'POST /images/create': (response) => response.destroy() });
    await expect(apply(cut, pull)).rejects.toMatchObject({ code: 'engine.unreachable' });
  });

  it('fails a build that ends without an image', async () => {
    const context = await mkdtemp(join(tmpdir(), 'skilldeck-context-'));
    await writeFile(join(context, 'Dockerfile'), 'FROM scratch\n');
    const build = { context, dockerfile: 'Dockerfile', args: {}, labels: {} };
    const made = testProject({ web: { build } });
    const docker = await connected({
      'POST /build': (response, request) => {
        request.resume();
        request.on('end', () => response.end('{"stream":"Step 1/1 : FROM scratch\\n"}\n'));
      },
    });
    const building = docker.engine.apply(
      { kind: 'build-image', service: 'web' },
      { project: made, signal: never, report: () => {} },
    );
    await expect(building).rejects.toMatchObject({ code: 'image.build_failed' });
    await chmod(context, 0o700);
    await rm(context, { recursive: true });
  });

  it('cancels a call that hangs', async () => {
    const docker = await connected({ 'POST /images/create': (response) => void response.flushHeaders() });
    const stop = new AbortController();
    const pulling = docker.engine.apply(pull, { project, signal: stop.signal, report: () => {} });
    setImmediate(() => stop.abort());
    await expect(pulling).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('DockerEngine.watch', () => {
  it('reads events of API 1.52, skips those of others, and fails when the stream ends', async () => {
    let events: ServerResponse | undefined;
    const docker = await connected({
      'GET /events': (response) => {
        events = response;
        response.flushHeaders();
      },
    });
    const changes = docker.engine.watch('demo', never);
    expect(await changes.next()).toMatchObject({ value: { kind: 'changed' } });
    const next = changes.next();
    const event = (project: string) =>
      JSON.stringify({
        Type: 'container',
        Action: 'die',
        Actor: { ID: 'c', Attributes: { 'com.docker.compose.project': project } },
      });
    events?.write(`${event('other')}\n`);
    events?.write(event('demo').slice(0, 20));
    events?.write(`${event('demo').slice(20)}\n`);
    expect(await next).toMatchObject({ value: { kind: 'changed' } });
    const lost = changes.next();
    events?.end();
    await expect(lost).rejects.toMatchObject({ code: 'engine.unreachable' });
  });
});

describe('DockerEngine.logs', () => {
  const container = (tty: boolean) =>
    json({ Id: 'c1', Name: '/c', Image: 'i', State: {}, Config: { Tty: tty } });
  const read = async ({ engine }: FakeDocker) => {
    const lines = [];
    for await (const { stream, text } of engine.logs('c1', { tail: 10, follow: true }, never))
      lines.push([stream, text]);
    return lines;
  };

  it('decides by the configuration whether the stream has frames', async () => {
    const tty = await connected({
      'GET /containers/c1/json': container(true),
      'GET /containers/c1/logs': pieces('2026-01-02T03:04:05Z \u0001\u0000\u0000\u0000 not a frame\r\n'),
    });
    expect(await read(tty)).toEqual([['stdout', '\u0001\u0000\u0000\u0000 not a frame']]);
  });

  it('says that a logging driver cannot be read', async () => {
    const docker = await connected({
      'GET /containers/c1/json': container(false),
      'GET /containers/c1/logs': refuse(500, 'configured logging driver does not support reading'),
    });
    await expect(read(docker)).rejects.toThrow('cannot be read');
  });

  it('opens and closes a hundred streams and leaves none', async () => {
    const open = new Set<ServerResponse>();
    const docker = await connected({
      'GET /containers/c1/json': container(false),
      'GET /containers/c1/logs': (response) => {
        open.add(response);
        response.on('close', () => open.delete(response));
        response.flushHeaders();
      },
      'GET /events': (response) => {
        open.add(response);
        response.on('close', () => open.delete(response));
        response.flushHeaders();
      },
    });
    for (let i = 0; i < 100; i += 1) {
      const stop = new AbortController();
      const line = docker.engine
        .logs('c1', { tail: 0, follow: true }, stop.signal)
        [Symbol.asyncIterator]()
        .next();
      const changes = docker.engine.watch('demo', stop.signal);
      await changes.next();
      stop.abort();
      expect(await line).toMatchObject({ done: true });
      await changes.next();
    }
    await expect.poll(() => open.size).toBe(0);
  });
});
