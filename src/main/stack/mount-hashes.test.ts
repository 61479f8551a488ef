import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadProject } from '../compose/load-project.ts';
import type { ObservedState } from '../plan/observed-state.ts';
import { planUp } from '../plan/plan-up.ts';
import { simulateOperation } from '../plan/simulate-operation.ts';
import { withMountHashes } from './mount-hashes.ts';

const COMPOSE = `
services:
  gateway: { image: g, volumes: ["./data:/data"] }
  proxy:
    image: nginx
    environment: { LEVEL: "1" }
    volumes: ["./reverse-proxy:/etc/x:ro", "./certs:/certs:ro"]
`;
const NOTHING: ObservedState = { containers: [], networks: [], volumes: [], images: {} };

let parent: string;
let workingDir: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'skilldeck-mounts-'));
  workingDir = join(parent, 'w');
  for (const folder of ['data', 'reverse-proxy/parts', 'certs'])
    await mkdir(join(workingDir, folder), { recursive: true });
  await put('reverse-proxy/nginx.conf', 'one');
  await put('data/file', 'one');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const put = (path: string, text: string) => writeFile(join(workingDir, path), text);
const load = async (compose = COMPOSE) =>
  withMountHashes(
    await loadProject({
      files: [{ path: join(workingDir, 'compose.yaml'), text: compose }],
      env: {},
      workingDir,
      projectName: 'p',
    }),
  );

/** The state after everything that Start would do. */
async function started(): Promise<ObservedState> {
  const project = await load();
  let ids = 0;
  const nextId = () => {
    ids += 1;
    return ids.toString(16).padStart(12, '0');
  };
  return planUp(project, NOTHING, { engine: 'docker' }).steps.reduce(
    (state, { operation }) =>
      simulateOperation(state, operation, { project, engine: 'docker', buildHashes: {}, nextId }),
    NOTHING,
  );
}

const recreated = async (state: ObservedState, compose?: string) =>
  planUp(await load(compose), state, { engine: 'docker' }).steps.flatMap(({ cause, operation }) =>
    operation.kind === 'replace-container' ? [[operation.service, cause.kind, cause.text]] : [],
  );

test('a changed file of the app recreates the service that mounts it, and no other', async () => {
  const state = await started();
  expect(await recreated(state)).toEqual([]);
  await put('reverse-proxy/nginx.conf', 'two');
  expect(await recreated(state)).toEqual([['proxy', 'mounts_changed', 'files it mounts have changed']]);
});

test.each([
  ['a new file', () => put('reverse-proxy/parts/more.conf', 'x')],
  ['a file that is gone', () => rm(join(workingDir, 'reverse-proxy/nginx.conf'))],
  ['a renewed certificate', () => put('certs/server.crt', 'x')],
])('%s counts as well', async (_what, change) => {
  const state = await started();
  await change();
  expect(await recreated(state)).toHaveLength(1);
});

test('data that services write themselves does not count', async () => {
  const state = await started();
  await put('data/file', 'two');
  expect(await recreated(state)).toEqual([]);
});

test('a setting that changed at the same time is what the plan names', async () => {
  const state = await started();
  await put('reverse-proxy/nginx.conf', 'two');
  expect(await recreated(state, COMPOSE.replace('LEVEL: "1"', 'LEVEL: "2"'))).toEqual([
    ['proxy', 'config_changed', 'LEVEL changed 1 → 2'],
  ]);
});

test('the hash does not depend on where the workspace lies', async () => {
  const before = (await load()).services.proxy?.mountsHash;
  await rename(workingDir, join(parent, 'moved'));
  workingDir = join(parent, 'moved');
  expect((await load()).services.proxy?.mountsHash).toEqual(before);
});
