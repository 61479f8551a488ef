/**
 * `up` of the same project by us and by `docker compose`, in turn: the first one, one with nothing to do, and one with
 * one service changed. 12 and 40 services, images that are there.
 *
 * Ours is measured as the panel does it (services that are warm, as its window has been open), and again as a command
 * that has to start first; `docker compose` only exists as a command. `startsOnly` is the part that no program can
 * make quicker: the engine's own time for the start calls alone, all told to it at once.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findCompose } from '../src/main/compose-peer/find-compose.ts';
import { systemPorts } from '../src/main/doctor/system-ports.ts';
import { openDockerApi } from '../src/main/engine/docker/docker-api.ts';
import { DockerEngine } from '../src/main/engine/docker/docker-engine.ts';
import { EngineHub } from '../src/main/stack/engine-hub.ts';
import { folderSource } from '../src/main/stack/folder-source.ts';
import { StackService } from '../src/main/stack/stack-service.ts';
import { composeProject } from './compose-project.ts';

const ROUNDS = 5;
const NOOPS = 9;
const CLI = fileURLToPath(new URL('../scripts/cli.mjs', import.meta.url));
const run = promisify(execFile);

const WAYS = ['panel', 'compose', 'cli'] as const;
type Way = (typeof WAYS)[number];
const CASES = ['first', 'noop', 'change'] as const;
type Case = (typeof CASES)[number];

const compose = await findCompose();
if (compose === undefined) throw new Error('docker compose v2 is missing; DOCKER_COMPOSE_BIN names one.');

/** One program's copy of the project, with a name and networks of its own. */
class Side {
  readonly #way: Way;
  readonly #count: number;
  readonly #name: string;
  readonly #subnet: number;
  #directory = '';
  #hub: EngineHub | undefined;
  #stack: StackService | undefined;
  #changes = 0;

  constructor(way: Way, count: number) {
    this.#way = way;
    this.#count = count;
    this.#name = `sdbench-${way}-${count}-${process.pid}`;
    this.#subnet = 60 + WAYS.indexOf(way) * 2;
  }

  async open(): Promise<void> {
    this.#directory = await mkdtemp(path.join(tmpdir(), 'skilldeck-bench-up-'));
    await this.#write();
    if (this.#way !== 'panel') return;
    this.#hub = new EngineHub({ engine: new DockerEngine() });
    this.#stack = new StackService({
      hub: this.#hub,
      source: folderSource({
        directory: this.#directory,
        processEnv: {},
        stateDirectory: path.join(this.#directory, 'state'),
      }),
      lockDirectory: path.join(this.#directory, 'state', 'locks'),
      ports: systemPorts,
    });
    await this.#stack.open();
    await this.#hub.ready(AbortSignal.timeout(10_000));
  }

  async change(): Promise<void> {
    this.#changes += 1;
    await this.#write();
  }

  async up(): Promise<number> {
    const startedAt = performance.now();
    if (this.#stack !== undefined) {
      this.#stack.start();
      const record = await this.#stack.whenIdle();
      if (record?.outcome !== 'done') throw new Error(`up failed: ${JSON.stringify(record?.error)}`);
    } else await this.#command('up', '-d');
    return performance.now() - startedAt;
  }

  async down(): Promise<void> {
    await run(compose ?? '', ['-p', this.#name, 'down', '--volumes', '--timeout', '0']);
  }

  /** The start calls of containers that `docker compose create` has made. */
  async startsOnly(): Promise<number> {
    await this.#command('create');
    const api = await openDockerApi({ kind: 'unix', path: '/var/run/docker.sock' }, '1.41');
    try {
      const filters = { label: [`com.docker.compose.project=${this.#name}`] };
      const query = { all: true, filters };
      const made = await api.json<readonly { Id: string }[]>({ path: '/containers/json', query });
      const startedAt = performance.now();
      await Promise.all(made.map(({ Id }) => api.json({ method: 'POST', path: `/containers/${Id}/start` })));
      return performance.now() - startedAt;
    } finally {
      api.dispose();
    }
  }

  async close(): Promise<void> {
    await this.down();
    await this.#stack?.dispose();
    await this.#hub?.dispose();
    await rm(this.#directory, { recursive: true, force: true });
  }

  #command(...args: string[]) {
    const env = { HOME: homedir(), PATH: process.env.PATH ?? '' };
    return this.#way === 'compose'
      ? run(compose ?? '', args, { cwd: this.#directory, env })
      : run(process.execPath, [CLI, ...args], { cwd: this.#directory, env });
  }

  async #write(): Promise<void> {
    const text = composeProject(this.#count, {
      name: this.#name,
      subnet: this.#subnet,
      ...(this.#changes % 2 === 1 ? { changed: this.#count - 1 } : {}),
    });
    await writeFile(path.join(this.#directory, 'compose.yaml'), text);
  }
}

async function measure(count: number) {
  const sides = new Map(WAYS.map((way) => [way, new Side(way, count)]));
  const times: Record<Way, Record<Case, number[]>> = {
    panel: { first: [], noop: [], change: [] },
    compose: { first: [], noop: [], change: [] },
    cli: { first: [], noop: [], change: [] },
  };
  const starts: number[] = [];
  try {
    for (const side of sides.values()) await side.open();
    for (let round = 0; round < ROUNDS; round += 1) {
      const side = sides.get('compose');
      starts.push((await side?.startsOnly()) ?? Number.NaN);
      await side?.down();
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [way, side] of sides) times[way].first.push(await side.up());
      if (round < ROUNDS - 1) for (const side of sides.values()) await side.down();
    }
    for (let round = 0; round < NOOPS; round += 1)
      for (const [way, side] of sides) times[way].noop.push(await side.up());
    for (let round = 0; round < ROUNDS; round += 1)
      for (const [way, side] of sides) {
        await side.change();
        times[way].change.push(await side.up());
      }
  } finally {
    for (const side of sides.values())
      await side.close().catch((error: unknown) => console.error('a project did not go down', error));
  }
  const startsOnly = median(starts);
  return {
    ...Object.fromEntries(CASES.map((name) => [name, summary(name, times)])),
    startsOnly: { ratio: rounded(startsOnly / median(times.compose.first)), ms: Math.round(startsOnly) },
  };
}

function rounded(ratio: number): number {
  return Math.round(ratio * 100) / 100;
}

function summary(name: Case, times: Readonly<Record<Way, Readonly<Record<Case, readonly number[]>>>>) {
  const ms = (way: Way) => Math.round(median(times[way][name]));
  const ratio = (way: Way) => rounded(median(times[way][name]) / median(times.compose[name]));
  return {
    ratio: ratio('panel'),
    cliRatio: ratio('cli'),
    panelMs: ms('panel'),
    composeMs: ms('compose'),
    cliMs: ms('cli'),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const { stdout: version } = await run(compose, ['version', '--short']);
// Built before it is measured.
await run(process.execPath, [CLI, 'version']);
const twelve = await measure(12);
const forty = await measure(40);
console.log(
  JSON.stringify({
    ...twelve,
    forty,
    unit: 'ratio of median times to docker compose',
    against: `docker compose ${version.trim()}`,
    node: process.version,
    cores: availableParallelism(),
  }),
);
