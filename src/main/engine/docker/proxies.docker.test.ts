import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findCompose, NEEDS_COMPOSE } from '../../compose-peer/find-compose.ts';
import { DockerEngine } from './docker-engine.ts';
import { sweepProject, TEST_IMAGE } from './docker-test-bed.ts';
import { DockerTestSession } from './docker-test-session.ts';
import { readHostFacts } from './host-facts.ts';

const run = promisify(execFile);
const compose = await findCompose();

const NEVER = new AbortController().signal;
const PEER = `sdtest-proxies${process.pid}`;
let bed: DockerTestSession;
let folder = '';
let engine: DockerEngine;

beforeAll(async () => {
  bed = await DockerTestSession.open('10.213.57.0/24');
  folder = await mkdtemp(join(tmpdir(), 'skilldeck-proxies-'));
  const proxies = { default: { httpProxy: 'http://user:word@proxy.test:3128', noProxy: '.test' } };
  await writeFile(join(folder, 'config.json'), JSON.stringify({ proxies }));
  engine = new DockerEngine({ facts: readHostFacts({ ...process.env, DOCKER_CONFIG: folder }) });
  await engine.connect(NEVER);
});
afterEach(() => bed.sweep());
afterAll(async () => {
  await sweepProject(bed.connection, PEER);
  await engine.dispose();
  await bed.close();
  await rm(folder, { recursive: true, force: true });
});

const environmentOf = async (container: string) => {
  const { Config } = await bed.connection.api.json<{ Config: { Env: readonly string[] } }>({
    path: `/containers/${container}/json`,
  });
  return Config.Env.filter((entry) => /proxy=/i.test(entry)).sort();
};

describe("the proxies of the Docker CLI's configuration", { timeout: 60_000 }, () => {
  const service = { command: ['sleep', '1000'], definition: { environment: { no_proxy: 'mine' } } };

  it('are variables of containers, unless the file gives them', async ({ skip }) => {
    const project = bed.project({ web: service });
    await bed.apply(project, { kind: 'create-network', network: 'default' });
    const create = { kind: 'create-container', service: 'web', number: 1 } as const;
    await engine.apply(create, { project, signal: NEVER, report: () => {} });
    const ours = await environmentOf(`${project.name}-web-1`);
    expect(ours).toEqual([
      'HTTP_PROXY=http://user:word@proxy.test:3128',
      'NO_PROXY=.test',
      'http_proxy=http://user:word@proxy.test:3128',
      'no_proxy=mine',
    ]);
    if (compose === undefined) return skip(`to compare with: ${NEEDS_COMPOSE.meta.needs}`);
    const text = `services: { web: { image: "${TEST_IMAGE}", network_mode: none, environment: { no_proxy: mine } } }`;
    await writeFile(join(folder, 'compose.yaml'), text);
    const env = { HOME: homedir(), PATH: process.env.PATH ?? '', DOCKER_CONFIG: folder };
    await run(compose, ['-p', PEER, 'create', '--pull', 'never'], { cwd: folder, env });
    expect(await environmentOf(`${PEER}-web-1`)).toEqual(ours);
  });

  it('are arguments of builds, and no part of the image', async () => {
    const image = `skilldeck-test/proxies:${Date.now()}`;
    const text = `FROM ${TEST_IMAGE}\nRUN echo "${Date.now()} through $http_proxy, not for $no_proxy"\n`;
    // Proxies are not part of what the builder's cache goes by.
    const build = { context: folder, dockerfile_inline: text, args: { no_proxy: 'mine' }, no_cache: true };
    const project = bed.project({
      web: {
        image,
        build: { context: folder, dockerfile: 'Dockerfile', args: {}, labels: {} },
        definition: { build },
      },
    });
    const lines: string[] = [];
    const report = ({ output }: { readonly output?: string }) => void (output && lines.push(output));
    await engine.apply({ kind: 'build-image', service: 'web' }, { project, signal: NEVER, report });
    expect(lines).toContainEqual(
      expect.stringContaining('through http://user:word@proxy.test:3128, not for mine'),
    );
    const { api } = bed.connection;
    const inspected = await api.json<object>({ path: `/images/${image}/json` });
    expect(JSON.stringify(inspected)).not.toContain('proxy.test');
    await api.json({ method: 'DELETE', path: `/images/${image}`, query: { force: true } });
  });
});

it('refuses a mount of an image where the engine is too old for it, and says what to do', async (context) => {
  const { apiVersion } = bed.connection;
  if (Number(apiVersion.split('.')[1]) >= 48) context.skip(`the engine has them (API ${apiVersion})`);
  const volumes = [{ type: 'image', source: TEST_IMAGE, target: '/other' }] as const;
  const project = bed.project({ web: { command: ['true'], definition: { volumes } } });
  await expect(bed.up(project, 'web')).rejects.toMatchObject({
    code: 'compose.unsupported',
    message: 'The mount at /other of web is an image, which needs Docker Engine 28 or newer.',
    hint: 'Update Docker, or copy the files into a volume by a service that runs before.',
  });
});
