import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import type { ServiceDefinition, VolumeDefinition } from '../../compose/definition.ts';
import type { Network, Project, Service, Volume } from '../../compose/project.ts';
import { LABEL } from '../../plan/labels.ts';
import type { ApiContainerSummary, ApiNetwork, ApiVolume } from './api-types.ts';
import { type Connection, connectToDocker } from './connect.ts';
import { removeContainer } from './container-remove.ts';
import { isEngineInstalled, readHostFacts } from './host-facts.ts';

/** For `*.docker.test.ts` only: a tiny image of its own, projects with random names, and a sweep at the end. */
const TEST_TAG = `p${process.pid}`;
const BUSYBOX = '/bin/busybox';
/** Of this process alone: another run of the tests beside this one takes its own away when it ends. */
export const TEST_IMAGE = `skilldeck-test/busybox:${TEST_TAG}`;

const APPLETS =
  'sh cat echo env false grep head kill ls mkdir nc ps seq sleep stty tail tr true wget yes'.split(' ');
const SWEEP_LIMIT_MS = 20_000;
const NO_LIMIT = new AbortController().signal;

export function connectForTest(): Promise<Connection> {
  return connectToDocker({ facts: readHostFacts(), isInstalled: isEngineInstalled }, NO_LIMIT);
}

/** Imports the static busybox of this machine (Debian: busybox-static) as an image, 2 MB; else pulls it. */
export async function ensureTestImage({ api }: Connection): Promise<void> {
  if (!existsSync(BUSYBOX)) {
    await pullTestImage(api);
    return;
  }
  const tar = pack();
  for (const name of ['bin/', 'tmp/', 'data/', 'etc/']) tar.entry({ name, type: 'directory', mode: 0o777 });
  tar.entry({ name: 'bin/busybox', mode: 0o755 }, await readFile(BUSYBOX));
  for (const name of APPLETS) tar.entry({ name: `bin/${name}`, type: 'symlink', linkname: 'busybox' });
  tar.finalize();
  const stream = await api.stream({
    method: 'POST',
    path: '/images/create',
    query: { fromSrc: '-', repo: 'skilldeck-test/busybox', tag: TEST_TAG, changes: 'CMD ["/bin/sh"]' },
    upload: tar as unknown as Readable,
  });
  for await (const _ of stream) {
    // Read to its end, which is the end of the import.
  }
}

async function pullTestImage(api: Connection['api']): Promise<void> {
  const pull = { fromImage: 'busybox', tag: 'stable-musl' };
  for await (const _ of await api.stream({ method: 'POST', path: '/images/create', query: pull })) {
    // Read to its end, which is the end of the pull.
  }
  const [repo, tag] = TEST_IMAGE.split(':');
  await api.json({
    method: 'POST',
    path: `/images/${pull.fromImage}:${pull.tag}/tag`,
    query: { repo: repo ?? '', tag: tag ?? '' },
  });
}

export async function removeTestImage({ api }: Connection): Promise<void> {
  await api.json({
    method: 'DELETE',
    path: `/images/${TEST_IMAGE}`,
    query: { force: true },
    accept: [404, 409],
  });
}

export function testProject(
  services: Readonly<Record<string, TestService>>,
  extra: Partial<Project> = {},
): Project {
  const name = `sdtest-${randomBytes(4).toString('hex')}`;
  return {
    name,
    workingDir: '/tmp',
    configFiles: ['/tmp/compose.yaml'],
    services: Object.fromEntries(
      Object.entries(services).map(([key, part]) => [key, testService(key, part)]),
    ),
    networks: { default: testNetwork(name) },
    volumes: {},
    inactiveServices: [],
    ...extra,
  };
}

export function testNetwork(project: string, subnet = '10.213.47.0/24', key = 'default'): Network {
  const name = `${project}_${key}`;
  return {
    key,
    name,
    definition: { name, ipam: { config: [{ subnet }] } },
    external: false,
    internal: false,
    ipam: [{ subnet }],
    labels: {},
  };
}

export function testVolume(project: string, key: string, definition: Partial<VolumeDefinition> = {}): Volume {
  const name = `${project}_${key}`;
  return {
    key,
    name,
    definition: { name, ...definition },
    external: definition.external === true,
    driverOpts: {},
    labels: {},
  };
}

/** A service is its definition; the fields beside it are given where the engine reads them. */
export interface TestService extends Omit<Partial<Service>, 'definition' | 'name'> {
  readonly definition?: Partial<ServiceDefinition>;
  readonly command?: readonly string[];
}

export function testService(name: string, { command, definition, ...part }: TestService = {}): Service {
  return {
    name,
    image: TEST_IMAGE,
    definition: { command: command ?? null, entrypoint: null, networks: { default: null }, ...definition },
    replicas: 1,
    environment: {},
    ports: [],
    volumes: [],
    networks: { default: { aliases: [] } },
    dependsOn: {},
    resources: {},
    restart: { name: 'no' },
    stopGracePeriodMs: 1000,
    labels: definition?.labels ?? {},
    profiles: [],
    skilldeck: { role: 'other' },
    ...part,
  };
}

/** Removes all that carries the project's label, whatever state a failed test left it in. */
export async function sweepProject(connection: Connection, projectName: string): Promise<void> {
  const { api } = connection;
  const query = { filters: { label: [`${LABEL.project}=${projectName}`] } };
  const containers = await api.json<readonly ApiContainerSummary[]>({
    path: '/containers/json',
    query: { all: true, ...query },
  });
  // Also the volumes that one container has inherited from another, which the engine takes for named ones.
  for (const { Id } of containers) await removeContainer(connection, Id, AbortSignal.timeout(SWEEP_LIMIT_MS));
  const networks = await api.json<readonly ApiNetwork[]>({ path: '/networks', query });
  for (const { Id } of networks) await api.json({ method: 'DELETE', path: `/networks/${Id}`, accept: [404] });
  const volumes = await api.json<{ Volumes?: readonly ApiVolume[] | null }>({ path: '/volumes', query });
  for (const { Name } of volumes.Volumes ?? [])
    await api.json({ method: 'DELETE', path: `/volumes/${Name}`, accept: [404] });
}
