import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Project } from '../../compose/project.ts';
import type { ObservedState } from '../../plan/observed-state.ts';
import type { Operation } from '../../plan/operation.ts';
import type { OperationProgress } from '../stack-engine.ts';
import type { ApiContainer } from './api-types.ts';
import type { Connection } from './connect.ts';
import { DockerEngine } from './docker-engine.ts';
import {
  connectForTest,
  ensureTestImage,
  removeTestImage,
  sweepProject,
  TEST_IMAGE,
  type TestService,
  testNetwork,
  testProject,
  testService,
  testVolume,
} from './docker-test-bed.ts';

const never = new AbortController().signal;
const engine = new DockerEngine();
let connection: Connection;
let projects: string[] = [];

beforeAll(async () => {
  connection = await connectForTest();
  await ensureTestImage(connection);
  await engine.connect(never);
}, 30_000);

afterEach(async () => {
  for (const name of projects) await sweepProject(connection, name);
  projects = [];
}, 30_000);

afterAll(async () => {
  await removeTestImage(connection);
  connection.api.dispose();
  await engine.dispose();
});

function project(services: Readonly<Record<string, TestService>>, extra: Partial<Project> = {}): Project {
  const made = testProject(services, extra);
  projects.push(made.name);
  return made;
}

async function apply(made: Project, ...operations: Operation[]): Promise<OperationProgress[]> {
  const reported: OperationProgress[] = [];
  const report = (progress: OperationProgress) => void reported.push(progress);
  for (const operation of operations) await engine.apply(operation, { project: made, signal: never, report });
  return reported;
}

const observe = (made: Project): Promise<ObservedState> => engine.observe(made.name, [TEST_IMAGE], never);
const create = (service: string): Operation => ({ kind: 'create-container', service, number: 1 });
const start = (service: string): Operation => ({ kind: 'start-container', service, number: 1 });
const waitFor = (service: string, until: 'running' | 'healthy' | 'completed'): Operation => ({
  kind: 'wait-container',
  service,
  number: 1,
  until,
});
const network: Operation = { kind: 'create-network', network: 'default' };
const idOf = (state: ObservedState, service = 'web') =>
  state.containers.find((c) => c.service === service)?.id ?? '';

describe('DockerEngine against a real engine', { timeout: 60_000 }, () => {
  it('agrees on an API version and describes the engine', async () => {
    const description = await engine.connect(never);
    expect(description.context).toBe('default');
    expect(description.apiVersion).toMatch(/^1\.\d+$/);
  });

  it('brings a service up, waits for its health and takes it down, each step twice', async () => {
    const made = project(
      {
        web: {
          command: ['/bin/sh', '-c', 'echo up; exec sleep 1000'],
          healthcheck: { disabled: false, test: ['CMD', '/bin/true'], intervalMs: 200, retries: 3 },
          definition: {
            read_only: true,
            tmpfs: ['/tmp:size=1m'],
            volumes: [{ type: 'volume', source: 'data', target: '/data', volume: {} }],
            ports: [{ mode: 'ingress', host_ip: '127.0.0.1', target: 8080, protocol: 'tcp' }],
            cpus: 0.5,
            mem_limit: String(64 * 1024 ** 2),
          },
        },
      },
      {},
    );
    const full: Project = {
      ...made,
      volumes: { data: testVolume(made.name, 'data') },
    };
    const up: Operation[] = [
      network,
      { kind: 'create-volume', volume: 'data' },
      create('web'),
      start('web'),
      waitFor('web', 'healthy'),
    ];
    await apply(full, ...up.flatMap((operation) => [operation, operation]));
    const state = await observe(full);
    const [container] = state.containers;
    expect(container).toMatchObject({
      name: `${full.name}-web-1`,
      state: 'running',
      health: 'healthy',
      networks: [`${full.name}_default`],
    });
    expect(container?.ports[0]).toMatchObject({ hostIp: '127.0.0.1', containerPort: 8080 });
    expect(state.networks[0]).toMatchObject({ key: 'default', subnet: '10.213.47.0/24' });
    expect(state.volumes[0]).toMatchObject({ key: 'data' });
    expect(state.images[TEST_IMAGE]?.id).toBe(container?.imageId);

    const containerId = container?.id ?? '';
    const down: Operation[] = [
      { kind: 'stop-container', service: 'web', containerId },
      { kind: 'remove-container', service: 'web', containerId },
      { kind: 'remove-network', network: 'default', networkId: state.networks[0]?.id ?? '' },
      { kind: 'remove-volume', volume: 'data' },
    ];
    await apply(full, ...down.flatMap((operation) => [operation, operation]));
    expect(await observe(full)).toMatchObject({ containers: [], networks: [], volumes: [] });
  });

  it('attaches a container to several networks', async () => {
    const made = project({
      web: {
        command: ['sleep', '1000'],
        definition: { networks: { default: null, back: { aliases: ['db'] } } },
      },
    });
    const full: Project = {
      ...made,
      networks: {
        ...made.networks,
        back: testNetwork(made.name, '10.213.48.0/24', 'back'),
      },
    };
    await apply(full, network, { kind: 'create-network', network: 'back' }, create('web'), start('web'));
    expect((await observe(full)).containers[0]?.networks.toSorted()).toEqual([
      `${full.name}_back`,
      `${full.name}_default`,
    ]);
  });

  it('recreates in place and keeps the data of anonymous volumes', async () => {
    const command = [
      '/bin/sh',
      '-c',
      'echo $(cat /data/n 2>/dev/null)x > /data/n; cat /data/n; exec sleep 1000',
    ];
    const volumes = [{ type: 'volume', target: '/data', volume: {} }] as const;
    const made = project({ web: { command, definition: { volumes } } });
    await apply(made, network, create('web'), start('web'));
    const containerId = idOf(await observe(made));
    const changed: Project = {
      ...made,
      services: {
        web: testService('web', { command, definition: { volumes, environment: { A: '1' } } }),
      },
    };
    const recreate: Operation = { kind: 'recreate-container', service: 'web', number: 1, containerId };
    await apply(changed, recreate, recreate, start('web'));
    const [container, ...others] = (await observe(changed)).containers;
    expect(others).toEqual([]);
    expect(container?.name).toBe(`${made.name}-web-1`);
    expect(container?.id).not.toBe(containerId);
    await expect
      .poll(async () => (await readLogs(container?.id ?? '')).map(({ text }) => text))
      .toEqual(['xx']);
  });

  it('leaves volumes without a name when it removes a container, unless they are to go too', async () => {
    const volumes = [{ type: 'volume', target: '/data', volume: {} }] as const;
    const made = project({ web: { command: ['sleep', '1000'], definition: { volumes } } });
    const volumeOf = async (containerId: string) => {
      const { Mounts } = await connection.api.json<ApiContainer>({ path: `/containers/${containerId}/json` });
      return `/volumes/${Mounts?.[0]?.Name}`;
    };
    await apply(made, network, create('web'));
    const kept = idOf(await observe(made));
    const keptVolume = await volumeOf(kept);
    await apply(made, { kind: 'remove-container', service: 'web', containerId: kept });
    await connection.api.json({ path: keptVolume });
    await connection.api.json({ method: 'DELETE', path: keptVolume });

    // One that it took over from another container counts as named for the engine.
    await apply(made, create('web'));
    const replaced = idOf(await observe(made));
    await apply(made, { kind: 'recreate-container', service: 'web', number: 1, containerId: replaced });
    const containerId = idOf(await observe(made));
    const volume = await volumeOf(containerId);
    await apply(made, { kind: 'remove-container', service: 'web', containerId, volumes: true });
    await expect(connection.api.json({ path: volume })).rejects.toMatchObject({ statusCode: 404 });
  });

  it('tells the exit code and the last lines of a service that dies', async () => {
    const made = project({
      web: {
        command: ['/bin/sh', '-c', 'echo cannot open model; exit 3'],
        healthcheck: { disabled: false, test: ['CMD', 'true'] },
      },
    });
    await apply(made, network, create('web'), start('web'));
    const lines: string[] = [];
    const waiting = engine.apply(waitFor('web', 'healthy'), {
      project: made,
      signal: never,
      report: ({ output }) => void (output && lines.push(output)),
    });
    await expect(waiting).rejects.toMatchObject({
      code: 'service.exited',
      params: { service: 'web', exitCode: 3 },
    });
    expect(lines).toEqual(['cannot open model']);
  });

  it('accepts the end of a one-shot service', async () => {
    const made = project({ init: { command: ['true'] } });
    await apply(made, network, create('init'), start('init'), waitFor('init', 'completed'));
  });

  it('tells the output of the probe of an unhealthy service, and refuses to wait where there is no check', async () => {
    const check = {
      disabled: false,
      test: ['CMD-SHELL', 'echo no route; exit 1'],
      intervalMs: 100,
      retries: 1,
    };
    const made = project({
      web: { command: ['sleep', '1000'], healthcheck: check },
      bare: { command: ['sleep', '1000'] },
    });
    await apply(made, network, create('web'), start('web'), create('bare'), start('bare'));
    await expect(apply(made, waitFor('web', 'healthy'))).rejects.toMatchObject({
      code: 'service.unhealthy',
      params: { output: 'no route' },
    });
    await expect(apply(made, waitFor('bare', 'healthy'))).rejects.toMatchObject({
      code: 'service.unhealthy',
    });
  });

  it('names the port that another program has', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const made = project({
      web: {
        command: ['sleep', '1000'],
        definition: {
          ports: [{ host_ip: '127.0.0.1', published: String(port), target: 80, protocol: 'tcp' }],
        },
      },
    });
    await apply(made, network, create('web'));
    await expect(apply(made, start('web'))).rejects.toMatchObject({
      code: 'port.in_use',
      params: { port, service: 'web' },
    });
    server.close();
  });

  it('names the subnet that is taken', async () => {
    const first = project({});
    const second = project({});
    await apply(first, network);
    await expect(apply(second, network)).rejects.toMatchObject({
      code: 'subnet.in_use',
      params: { subnet: '10.213.47.0/24' },
    });
  });

  it('says why a service cannot be started', async () => {
    const made = project({ web: { command: ['/no/such/program'] } });
    await apply(made, network, create('web'));
    await expect(apply(made, start('web'))).rejects.toMatchObject({
      code: 'service.start_failed',
      params: { service: 'web' },
    });
  });

  it('fails a pull whose registry does not answer', async () => {
    const made = project({ web: { image: '127.0.0.1:1/nothing:1' } });
    await expect(apply(made, { kind: 'pull-image', service: 'web' })).rejects.toMatchObject({
      code: 'image.pull_failed',
    });
  });

  it('builds an image with steps and phases, labels it, and fails with the step', async () => {
    const context = await mkdtemp(join(tmpdir(), 'skilldeck-build-'));
    await writeFile(
      join(context, 'Dockerfile'),
      `FROM ${TEST_IMAGE}\nARG WHO\nCOPY note /note\nRUN echo npm ci for $WHO; cat /note\n`,
    );
    await writeFile(join(context, 'note'), 'grüezi\n');
    await writeFile(join(context, '.dockerignore'), 'ignored\n');
    const build = { context, dockerfile: 'Dockerfile', args: { WHO: 'me' }, labels: {} };
    const made = project({ web: { image: `skilldeck-test/built:${Date.now()}`, build } });
    const image = made.services.web?.image ?? '';
    const reported = await apply(made, { kind: 'build-image', service: 'web' });
    expect(reported.flatMap(({ output }) => output ?? [])).toContain('grüezi');
    expect(reported.find(({ phase }) => phase === 'dependencies')).toMatchObject({
      total: 3,
      text: expect.stringContaining('npm ci'),
    });
    const { hashBuild } = await import('./build-hash.ts');
    const { images } = await engine.observe(made.name, [image], never);
    expect(images[image]?.buildHash).toBe(
      await hashBuild(made, made.services.web as Project['services'][string]),
    );
    await connection.api.json({ method: 'DELETE', path: `/images/${image}`, query: { force: true } });

    await writeFile(join(context, 'Dockerfile'), `FROM ${TEST_IMAGE}\nRUN echo broken; false\n`);
    await expect(apply(made, { kind: 'build-image', service: 'web' })).rejects.toMatchObject({
      code: 'image.build_failed',
      params: { step: 'RUN echo broken; false' },
    });
    await rm(context, { recursive: true });
  });

  it('reports changes of the project, and only until it is told to stop', async () => {
    const made = project({ web: { command: ['sleep', '1000'] } });
    const stop = new AbortController();
    const changes = engine.watch(made.name, stop.signal);
    expect(await changes.next()).toMatchObject({ value: { kind: 'changed' } });
    const next = changes.next();
    await apply(made, network);
    expect(await next).toMatchObject({ value: { kind: 'changed' } });
    const afterContainer = changes.next();
    await apply(made, create('web'));
    expect(await afterContainer).toMatchObject({ value: { kind: 'changed' } });
    const last = changes.next();
    stop.abort();
    await last;
    expect(await changes.next()).toMatchObject({ done: true });
  });

  it('follows logs with times and streams, past characters and long lines', async () => {
    const script = 'echo grüße 🦊; echo oops >&2; seq 1 9000 | tr "\\n" " "; echo; sleep 1000';
    const made = project({ web: { command: ['/bin/sh', '-c', script] } });
    await apply(made, network, create('web'), start('web'));
    const stop = new AbortController();
    const lines = [];
    for await (const line of engine.logs(
      idOf(await observe(made)),
      { tail: 100, follow: true },
      stop.signal,
    )) {
      lines.push(line);
      if (lines.length === 5) stop.abort();
    }
    expect(lines.find(({ stream }) => stream === 'stderr')?.text).toBe('oops');
    const out = lines.filter(({ stream }) => stream === 'stdout').map(({ text }) => text);
    expect(out[0]).toBe('grüße 🦊');
    expect(out.slice(1).join('')).toBe(`${Array.from({ length: 9000 }, (_, i) => i + 1).join(' ')} `);
    expect(Math.abs((lines[0]?.at ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('opens a shell with its size, takes input, tells the exit code', async () => {
    const made = project({ web: { command: ['sleep', '1000'] } });
    await apply(made, network, create('web'), start('web'));
    const id = idOf(await observe(made));
    const session = await engine.openShell(id, { columns: 123, rows: 45 }, never);
    expect(session.shell).toBe('sh');
    session.write('stty size; echo grüße; exit 7\n');
    let output = '';
    for await (const text of session.output) output += text;
    expect(output).toContain('45 123');
    expect(output).toContain('grüße');
    expect(await session.exit).toEqual({ code: 7 });
  });

  it('leaves no process behind when a shell is closed in the middle of a command', async () => {
    const made = project({ web: { command: ['sleep', '1000'] } });
    await apply(made, network, create('web'), start('web'));
    const id = idOf(await observe(made));
    const session = await engine.openShell(id, { columns: 80, rows: 24 }, never);
    session.write('sleep 4242\n');
    const top = () => connection.api.json<{ Processes: string[][] }>({ path: `/containers/${id}/top` });
    await expect.poll(async () => JSON.stringify(await top())).toContain('4242');
    session.close();
    session.close();
    await session.exit;
    await expect.poll(async () => (await top()).Processes.length).toBe(1);
  });

  it('says that a shell needs a running service', async () => {
    const made = project({ web: {} });
    await apply(made, network, create('web'));
    await expect(
      engine.openShell(idOf(await observe(made)), { columns: 80, rows: 24 }, never),
    ).rejects.toMatchObject({
      code: 'service.not_running',
    });
  });

  it('measures processor and memory', async () => {
    const made = project({
      web: {
        command: ['/bin/sh', '-c', 'while :; do :; done'],
        definition: { cpus: 0.5, mem_limit: String(32 * 1024 ** 2) },
      },
    });
    await apply(made, network, create('web'), start('web'));
    await engine.stats(made.name, never);
    await expect
      .poll(async () => (await engine.stats(made.name, never))[0]?.cpuPercent ?? 0, { timeout: 10_000 })
      .toBeGreaterThan(10);
    const [stats] = await engine.stats(made.name, never);
    expect(stats).toMatchObject({ service: 'web', memoryLimitBytes: 32 * 1024 ** 2 });
    expect(stats?.memoryBytes).toBeGreaterThan(0);
  });

  it('gives up at once when it is cancelled', async () => {
    const made = project({
      web: {
        command: ['sleep', '1000'],
        healthcheck: { disabled: false, test: ['CMD', 'false'], intervalMs: 60_000 },
      },
    });
    await apply(made, network, create('web'), start('web'));
    const stop = new AbortController();
    const waiting = engine.apply(waitFor('web', 'healthy'), {
      project: made,
      signal: stop.signal,
      report: () => {},
    });
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  });
});

async function readLogs(id: string) {
  const lines = [];
  for await (const line of engine.logs(id, { tail: 100, follow: false }, never)) lines.push(line);
  return lines;
}
