import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemPorts } from '../doctor/system-ports.ts';
import { DockerEngine } from '../engine/docker/docker-engine.ts';
import { EngineHub } from '../stack/engine-hub.ts';
import { folderSource } from '../stack/folder-source.ts';
import { StackService } from '../stack/stack-service.ts';
import { findCompose, NEEDS_COMPOSE } from './find-compose.ts';

const run = promisify(execFile);
const binary = await findCompose();

let directory: string;
let name: string;
let hub: EngineHub;
let stack: StackService;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'skilldeck-interop-'));
  name = `sdinterop-${randomBytes(4).toString('hex')}`;
  await writeFile(join(directory, 'compose.yaml'), projectText());
  await writeFile(join(directory, 'secret.txt'), 'from a file');
  hub = new EngineHub({ engine: new DockerEngine() });
  stack = new StackService({
    hub,
    source: folderSource({ directory, processEnv: {}, stateDirectory: join(directory, 'state') }),
    lockDirectory: join(directory, 'state', 'locks'),
    ports: systemPorts,
  });
  await stack.open();
  await stack.reloadProject();
});

afterEach(async () => {
  stack.stop({ volumes: true });
  await stack.whenIdle();
  await stack.dispose();
  await hub.dispose();
  const label = `label=com.docker.compose.project=${name}`;
  for (const [list, remove] of [
    [
      ['ps', '-aq'],
      ['rm', '-fv'],
    ],
    [
      ['network', 'ls', '-q'],
      ['network', 'rm'],
    ],
    [
      ['volume', 'ls', '-q'],
      ['volume', 'rm'],
    ],
  ] as const) {
    const left = await lines('docker', [...list, '--filter', label]);
    if (left.length > 0) await run('docker', [...remove, ...left]);
  }
  await rm(directory, { recursive: true, force: true });
}, 60_000);

describe.skipIf(binary === undefined)(
  'one project, two programs',
  { timeout: 120_000, ...NEEDS_COMPOSE },
  () => {
    it('docker compose recreates nothing of what we started, and sees all of it', async () => {
      await up();
      const before = await containers();
      expect(before).toHaveLength(4);

      const listed = JSON.parse((await compose('ls', '--all', '--format', 'json')).stdout) as {
        Name: string;
      }[];
      expect(listed.map((entry) => entry.Name)).toContain(name);
      expect(await services('ps', '--services')).toEqual(['db', 'once', 'web']);

      const again = await compose('up', '-d');
      expect(again.stderr).not.toMatch(/Recreat|Creating/);
      expect(await containers()).toEqual(before);

      expect((await compose('exec', '-T', 'web', 'cat', '/run/secrets/token')).stdout).toBe('from a file');
      expect((await compose('logs', '--no-color', 'once')).stdout).toContain('done once');
    });

    it('we recreate nothing of what docker compose started', async () => {
      await compose('up', '-d');
      const before = await containers();
      await stack.reloadProject();
      const plan = await stack.plan({ direction: 'up' });
      expect(plan.steps.filter((step) => step.kind !== 'wait-container')).toEqual([]);
      await up();
      expect(await containers()).toEqual(before);
    });

    it('each changes, scales and stops what the other started, and neither is confused', async () => {
      await up();
      await compose('up', '-d', '--scale', 'web=3', '--no-recreate');
      expect(await containersOf('web')).toHaveLength(3);

      const three = await unnamedVolumes();

      // The file says two: ours goes back to it, newest first.
      await up();
      expect(await containersOf('web')).toEqual([`${name}-web-1`, `${name}-web-2`]);
      // As with Compose, the data of the third stays; nothing says any more whose it is.
      const two = new Set(await unnamedVolumes());
      await run('docker', ['volume', 'rm', ...three.filter((volume) => !two.has(volume))]);

      await edit('LEVEL: info', 'LEVEL: debug');
      await compose('up', '-d');
      const theirs = await containers();
      await up();
      expect(await containers()).toEqual(theirs);

      await edit('LEVEL: debug', 'LEVEL: trace');
      await up();
      const ours = await containers();
      expect(ours).not.toEqual(theirs);
      expect((await compose('up', '-d')).stderr).not.toMatch(/Recreat|Creating/);
      expect(await containers()).toEqual(ours);

      await compose('stop', 'db');
      await up();
      expect(await running('db')).toBe(true);
      await compose('rm', '--stop', '--force', 'db');
      await up();
      expect(await running('db')).toBe(true);
    });

    it('docker compose takes down what we started, without leftovers', async () => {
      await up();
      await compose('down', '--volumes', '--timeout', '1');
      await expectNothingLeft();
    });

    it('we take down what docker compose started, without its file', async () => {
      await compose('up', '-d');
      await rm(join(directory, 'compose.yaml'));
      await stack.reloadProject();
      stack.stop({ volumes: true });
      expect((await stack.whenIdle())?.outcome).toBe('done');
      await expectNothingLeft();
    });

    it.each(['we', 'docker compose'] as const)(
      '%s keep what is in a volume without a name when a container is recreated and taken down, until volumes go too',
      async (who) => {
        const bringUp = who === 'we' ? up : () => compose('up', '-d');
        const takeDown = async (volumes: boolean) => {
          if (who !== 'we') return compose('down', '--timeout', '0', ...(volumes ? ['--volumes'] : []));
          stack.stop({ volumes });
          expect((await stack.whenIdle())?.outcome).toBe('done');
        };
        await bringUp();
        const before = await unnamedVolumes();
        expect(before).toHaveLength(2);
        await run('docker', ['exec', `${name}-web-1`, 'touch', '/anonymous/kept']);
        await edit('LEVEL: info', 'LEVEL: debug');
        await bringUp();
        expect(await unnamedVolumes()).toEqual(before);
        await run('docker', ['exec', `${name}-web-1`, 'test', '-e', '/anonymous/kept']);
        await takeDown(false);
        expect(await existing(before)).toEqual(before);
        await run('docker', ['volume', 'rm', ...before]);

        await bringUp();
        const again = await unnamedVolumes();
        await takeDown(true);
        expect(await existing(again)).toEqual([]);
      },
    );

    it('a container that is not in the file any more is an orphan for both', async () => {
      await writeFile(
        join(directory, 'compose.yaml'),
        `${projectText()}`.replace(
          'services:',
          'services:\n  old: { image: debian:bookworm-slim, command: sleep 1000, stop_grace_period: 0s }',
        ),
      );
      await up();
      await writeFile(join(directory, 'compose.yaml'), projectText());
      expect((await compose('up', '-d')).stderr).toContain('orphan');
      await stack.reloadProject();
      const { services: changes = [] } = await stack.plan({ direction: 'up' });
      expect(changes.find((change) => change.service === 'old')?.causes[0]?.kind).toBe('orphan');
      await up();
      expect(await running('old')).toBe(true);
      stack.start({ removeOrphans: true });
      expect((await stack.whenIdle())?.outcome).toBe('done');
      expect(await containersOf('old')).toEqual([]);
    });
  },
);

function projectText(): string {
  return `name: ${name}
services:
  web:
    image: debian:bookworm-slim
    command: ["sh", "-c", "echo '<up>' && exec sleep 1000"]
    stop_grace_period: 0s
    environment: { LEVEL: info, PRICE: "5$$" }
    expose: [8080]
    ports: ["127.0.0.1::8080"]
    deploy: { replicas: 2, resources: { limits: { memory: 64m } } }
    secrets: [token]
    volumes: ["data:/data", "/anonymous"]
    ulimits: { nofile: { soft: 1000, hard: 2000 } }
    depends_on:
      db: { condition: service_healthy }
      once: { condition: service_completed_successfully }
  db:
    image: debian:bookworm-slim
    command: sleep 1000
    stop_grace_period: 0s
    healthcheck: { test: "true", interval: 1s }
    labels: [role=db]
  once:
    image: debian:bookworm-slim
    command: echo done once
networks:
  default: { labels: { purpose: test } }
volumes:
  data: { labels: { purpose: test } }
secrets:
  token: { file: ./secret.txt }
`;
}

async function up(): Promise<void> {
  await stack.reloadProject();
  stack.start();
  const record = await stack.whenIdle();
  expect(record, JSON.stringify(record?.error)).toMatchObject({ outcome: 'done' });
}

async function edit(from: string, to: string): Promise<void> {
  const file = join(directory, 'compose.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace(from, to));
}

function compose(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return run(binary ?? '', args, {
    cwd: directory,
    env: { HOME: homedir(), PATH: process.env.PATH ?? '' },
  });
}

/** Ids by name; the one-shot starts again with every `up` of Compose, but is the same container. */
function containers(): Promise<readonly string[]> {
  return list('{{.Names}} {{.ID}}');
}

async function containersOf(service: string): Promise<readonly string[]> {
  return await list('{{.Names}}', `label=com.docker.compose.service=${service}`);
}

/** Names of the volumes at `/anonymous`. */
async function unnamedVolumes(): Promise<readonly string[]> {
  const format = '{{range .Mounts}}{{if eq .Destination "/anonymous"}}{{.Name}}{{end}}{{end}}';
  return [...(await lines('docker', ['inspect', '--format', format, ...(await containersOf('web'))]))].sort();
}

async function existing(volumes: readonly string[]): Promise<readonly string[]> {
  const all = new Set(await lines('docker', ['volume', 'ls', '-q']));
  return volumes.filter((volume) => all.has(volume));
}

async function running(service: string): Promise<boolean> {
  const states = await list('{{.State}}', `label=com.docker.compose.service=${service}`);
  return states.length > 0 && states.every((state) => state === 'running');
}

async function list(format: string, ...filters: string[]): Promise<readonly string[]> {
  const all = [`label=com.docker.compose.project=${name}`, ...filters];
  const found = await lines('docker', [
    'ps',
    '-a',
    '--format',
    format,
    ...all.flatMap((filter) => ['--filter', filter]),
  ]);
  return [...found].sort();
}

async function services(...args: string[]): Promise<readonly string[]> {
  return (await compose(...args, '--all')).stdout.split('\n').filter(Boolean).sort();
}

async function lines(program: string, args: readonly string[]): Promise<readonly string[]> {
  return (await run(program, [...args])).stdout.split('\n').filter(Boolean);
}

async function expectNothingLeft(): Promise<void> {
  const label = `label=com.docker.compose.project=${name}`;
  expect(await lines('docker', ['ps', '-aq', '--filter', label])).toEqual([]);
  expect(await lines('docker', ['network', 'ls', '-q', '--filter', label])).toEqual([]);
  expect(await lines('docker', ['volume', 'ls', '-q', '--filter', label])).toEqual([]);
}
