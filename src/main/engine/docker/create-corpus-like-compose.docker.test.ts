import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ServiceDefinition } from '../../compose/definition.ts';
import { parseEnvFile } from '../../compose/env-file.ts';
import { loadProject } from '../../compose/load-project.ts';
import type { Project } from '../../compose/project.ts';
import { type CorpusCase, composeArguments, constructs, readText } from '../../compose-peer/corpus.ts';
import { findCompose, NEEDS_COMPOSE } from '../../compose-peer/find-compose.ts';
import { planUp } from '../../plan/plan-up.ts';
import { refuseUnsupported } from '../../stack/refuse-unsupported.ts';
import { comparable } from './comparable-inspect.ts';
import { sweepProject } from './docker-test-bed.ts';
import { DockerTestSession } from './docker-test-session.ts';

const run = promisify(execFile);
const compose = await findCompose();

// Of this process alone: two runs of the tests may be side by side.
const NAME = `sdtest-likecorpus${process.pid}`;
const HEALTHY = 'healthcheck: { test: [CMD, "true"] }';
const OVERRIDE = 'images.yaml';
const ENV = {
  HOME: homedir(),
  PATH: process.env.PATH ?? '',
  COMPOSE_PROJECT_NAME: NAME,
  COMPOSE_PROFILES: '*',
};
const NEVER = new AbortController().signal;
const LABEL = `com.docker.compose.project=${NAME}`;

type Json = unknown;
type Resources = Readonly<Record<string, { readonly name: string; readonly external?: boolean }>>;
interface Printed {
  readonly services: Readonly<
    Record<string, { readonly volumes?: readonly { type: string; source?: string }[] }>
  >;
  readonly configs?: Readonly<Record<string, { readonly file?: string }>>;
  readonly secrets?: Readonly<Record<string, { readonly file?: string }>>;
  readonly networks?: Resources;
  readonly volumes?: Resources;
}

interface Pool {
  readonly Subnet?: string;
}

/** What of a construct this engine cannot have, by service, and what is set instead. */
const INSTEAD: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // More processors than any machine has, and too little memory for any.
  'cpu-settings': { d: 'cpus: 1' },
  memory: { c: 'mem_limit: 64m, mem_reservation: 32m' },
  'driver-options': { a: 'logging: !reset null, storage_opt: !reset null' },
  entrypoint: { c: 'command: [ls]' },
  // Engines before 25 have no such interval: Compose refuses it, we leave it out and say so.
  healthchecks: { b: 'healthcheck: { start_interval: !reset null }' },
  'isolation-and-runtime': { a: 'isolation: !reset null, platform: !reset null' },
  // We say already in the plan that such a wait has no end; Compose creates and then waits.
  'depends-on-conditions': { b: HEALTHY },
  links: { db: HEALTHY },
  'network-mode': { c: HEALTHY, d: 'network_mode: none' },
  'mounts-volumes-from': { a: 'volumes_from: !override [b, "c:ro"]' },
};
/** What Compose does not create here; ours has to be refused as well. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'external-resources': /unsupported external secret/,
  models: /requires Docker Model plugin/,
  'mounts-image': /Pulling/,
  'mounts-long': /Pulling/,
  'network-attachments': /not a swarm manager/,
  provider: /executable file not found/,
};
/** What we refuse by name: Compose passes over the one in silence, and hands out the engine's socket with the other. */
const REFUSED_BY_US: Readonly<Record<string, RegExp>> = {
  'credential-spec': /containers of Windows/,
  'use-api-socket': /socket and logins are not handed/,
};
/**
 * - `StopTimeout`: Compose cuts fractions of a second off its grace period, we round up.
 * - `VolumesFrom`: Compose forgets the mode `:ro` of the file, we do not.
 */
const TOLERATED: Readonly<Record<string, RegExp>> = {
  'mounts-volumes-from': /(?<="[^"]*):ro(?=")/g,
  stopping: /"StopTimeout":\d+,?/g,
};

let bed: DockerTestSession;
let folder = '';
const undo: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  bed = await DockerTestSession.open('10.213.54.0/24');
});
afterEach(async () => {
  await sweepProject(bed.connection, NAME);
  for (const step of undo.splice(0)) await step();
  await rm(folder, { recursive: true, force: true });
});
afterAll(() => bed.close());

describe.skipIf(compose === undefined)(
  'the corpus, created by us and by docker compose',
  NEEDS_COMPOSE,
  () => {
    it.each(constructs().map((one) => [basename(one.directory), one] as const))('%s', async (name, one) => {
      await makeExternal(await prepare(name, one));
      const theirs = await outcome(async () => {
        await call(...composeArguments(one), '-f', OVERRIDE, 'create', '--pull', 'never');
        return inspectAll();
      });
      await sweepProject(bed.connection, NAME);
      const project = await load(one);
      const ours = await outcome(async () => {
        refuseUnsupported(project);
        await create(project);
        return inspectAll();
      });
      const refused = REFUSED[name];
      const ourReason = REFUSED_BY_US[name];
      if (ourReason !== undefined) {
        expect(theirs.fault).toBeUndefined();
        expect(ours.fault).toMatch(ourReason);
      } else if (refused === undefined) {
        expect(theirs.fault).toBeUndefined();
        expect(ours.fault).toBeUndefined();
        const same = (all: Readonly<Record<string, Json>>) =>
          withoutTolerated(name, withoutReferringHashes(all, project));
        expect(Object.keys(ours.value)).not.toHaveLength(0);
        expect(same(ours.value)).toEqual(same(theirs.value));
      } else {
        expect(theirs.fault).toMatch(refused);
        expect(ours.fault).toBeDefined();
      }
    });
  },
);

const call = async (...args: string[]) =>
  (await run(compose ?? '', args, { cwd: folder, env: ENV, maxBuffer: 16 * 1024 ** 2 })).stdout;

/** The construct in a folder of its own, with images that this engine has instead of its own and of builds. */
async function prepare(construct: string, one: CorpusCase): Promise<Printed> {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'skilldeck-corpus-')));
  await cp(one.directory, folder, { recursive: true });
  const printed = JSON.parse(await call(...composeArguments(one), 'config', '--format', 'json')) as Printed;
  const services = Object.keys(printed.services).map((name) => {
    const instead = INSTEAD[construct]?.[name];
    const parts = [
      'image: "debian:bookworm-slim"',
      'build: !reset null',
      'pull_policy: !reset null',
      'develop: !reset null',
    ];
    return `  ${name}: { ${[...parts, ...(instead === undefined ? [] : [instead])].join(', ')} }`;
  });
  await writeFile(join(folder, OVERRIDE), `services:\n${services.join('\n')}\n`);
  for (const { file } of [...Object.values(printed.configs ?? {}), ...Object.values(printed.secrets ?? {})])
    if (file?.startsWith(folder)) await writeFile(file, 'x');
  for (const { volumes = [] } of Object.values(printed.services))
    for (const { type, source } of volumes)
      if (type === 'bind' && source?.startsWith(folder))
        await mkdir(source, { recursive: true }).catch(() => {});
  return printed;
}

async function load(one: CorpusCase): Promise<Project> {
  const variables = join(folder, 'variables.env');
  const env = one.hasVariables ? parseEnvFile(await readFile(variables, 'utf8'), variables, ENV) : {};
  const paths = [...one.files, OVERRIDE].map((file) => join(folder, file));
  const project = await loadProject({
    files: await Promise.all(paths.map(async (path) => ({ path, text: await readFile(path, 'utf8') }))),
    env: { ...env, ...ENV },
    workingDir: folder,
    readText,
  });
  return one.hasVariables ? { ...project, envFiles: [variables] } : project;
}

async function makeExternal({ networks = {}, volumes = {} }: Printed): Promise<void> {
  const { api } = bed.connection;
  const make = async (kind: 'networks' | 'volumes', Name: string) => {
    await api.json({ method: 'POST', path: `/${kind}/create`, body: { Name } });
    undo.push(() => api.json({ method: 'DELETE', path: `/${kind}/${Name}`, accept: [404] }));
  };
  for (const { name, external } of Object.values(networks)) if (external) await make('networks', name);
  for (const { name, external } of Object.values(volumes)) if (external) await make('volumes', name);
}

async function create(project: Project): Promise<void> {
  const images = Object.values(project.services).flatMap(({ image }) => image ?? []);
  const observed = await bed.engine.observe(project.name, images, NEVER);
  const { steps } = planUp(project, observed, { engine: 'docker', noStart: true });
  for (const { operation } of steps) await bed.apply(project, operation);
}

async function outcome(work: () => Promise<Readonly<Record<string, Json>>>) {
  try {
    return { value: await work(), fault: undefined };
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    return { value: {}, fault: `${message} ${stderr}` };
  }
}

async function inspectAll(): Promise<Readonly<Record<string, Json>>> {
  const { api } = bed.connection;
  const all: Record<string, Json> = {};
  const ids = new Map<string, string>();
  const query = { all: true, filters: { label: [LABEL] } };
  const list = await api.json<readonly { Id: string; Names: readonly string[] }[]>({
    path: '/containers/json',
    query,
  });
  for (const { Id, Names } of list) ids.set(Id, Names[0] ?? '');
  for (const { Id, Names } of list)
    all[`container ${Names[0]}`] = comparable(await api.json({ path: `/containers/${Id}/json` }), ids);
  const networks = await api.json<readonly Parameters<typeof withoutPool>[0][]>({ path: '/networks', query });
  for (const network of networks) all[`network ${network.Name}`] = comparable(withoutPool(network), ids);
  const { Volumes } = await api.json<{ Volumes?: readonly { Name: string }[] | null }>({
    path: '/volumes',
    query,
  });
  for (const volume of Volumes ?? []) all[`volume ${volume.Name}`] = comparable(volume, ids);
  return all;
}

function withoutTolerated(name: string, all: Json): Json {
  const tolerated = TOLERATED[name];
  return tolerated === undefined ? all : JSON.parse(JSON.stringify(all).replace(tolerated, ''));
}

/** Where the file names no subnet the engine takes the next one of its own. */
function withoutPool(network: {
  readonly Name: string;
  readonly IPAM?: { readonly Config?: readonly Pool[] };
}): Json {
  const config = network.IPAM?.Config ?? [];
  const isOwn = config.every(({ Subnet = '' }) => /^(172|192\.168)\./.test(Subnet));
  return isOwn ? { ...network, IPAM: { ...network.IPAM, Config: 'of the engine' } } : network;
}

/** The hash of a service that shares with another contains the other container's id, which is new each time. */
function withoutReferringHashes(all: Readonly<Record<string, Json>>, project: Project): Json {
  const refers = ({ network_mode, ipc, pid, volumes_from }: ServiceDefinition) =>
    [network_mode, ipc, pid].some((mode) => mode?.startsWith('service:')) || volumes_from !== undefined;
  const names = Object.values(project.services)
    .filter(({ definition }) => refers(definition))
    .map(({ name }) => `container /${NAME}-${name}-`);
  return Object.fromEntries(
    Object.entries(all).map(([key, value]) => [
      key,
      names.some((name) => key.startsWith(name))
        ? JSON.parse(JSON.stringify(value).replace(/("com\.docker\.compose\.config-hash":)"\w+"/, '$1""'))
        : value,
    ]),
  );
}
