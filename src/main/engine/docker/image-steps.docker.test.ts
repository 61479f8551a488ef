import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Project } from '../../compose/project.ts';
import type { OperationProgress } from '../stack-engine.ts';
import type { Connection } from './connect.ts';
import { connectForTest } from './docker-test-bed.ts';
import { type FakeRegistry, startFakeRegistry } from './fake-registry.ts';
import { applyBuild, applyPull } from './image-steps.ts';

const signal = new AbortController().signal;
let connection: Connection;
let registry: FakeRegistry;
let folder = '';
let reference = '';
let reported: OperationProgress[] = [];

beforeAll(async () => {
  connection = await connectForTest();
});
afterAll(() => connection.api.dispose());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skilldeck-image-steps-'));
  registry = await startFakeRegistry({});
  reference = `${registry.host}/skilldeck-test/app:1`;
  reported = [];
});
afterEach(async () => {
  await registry.stop();
  await connection.api.json({ method: 'DELETE', path: `/images/${reference}?force=1`, accept: [404] });
  await rm(folder, { recursive: true, force: true });
});

function context() {
  const build = {
    context: folder,
    dockerfile: 'Dockerfile',
    dockerfile_inline: 'FROM scratch\nLABEL skilldeck-test.built=here\n',
  };
  const service = { name: 'app', image: reference, build, definition: { image: reference, build } };
  const project = { name: 'steps', workingDir: folder, services: { app: service } } as unknown as Project;
  return { project, signal, report: (progress: OperationProgress) => reported.push(progress) };
}

async function isBuiltHere(): Promise<boolean | undefined> {
  const image = await connection.api.json<{
    Id?: string;
    Config?: { Labels?: Record<string, string> | null };
  }>({
    path: `/images/${reference}/json`,
    accept: [404],
  });
  return image.Id === undefined ? undefined : image.Config?.Labels?.['skilldeck-test.built'] === 'here';
}

const build = { kind: 'build-image', service: 'app' } as const;

it('takes the image of the registry instead of building, where it is looked for first', async () => {
  await applyBuild(connection, { ...build, pullFirst: true }, context());
  expect(await isBuiltHere()).toBe(false);
});

it('builds where nothing else is asked for', async () => {
  await applyBuild(connection, build, context());
  expect(await isBuiltHere()).toBe(true);
});

it('builds where no registry has the image, and says why it was not fetched', async () => {
  await registry.stop();
  await applyBuild(connection, { ...build, pullFirst: true }, context());
  expect(await isBuiltHere()).toBe(true);
  expect(reported.map(({ output }) => output ?? '').join('\n')).toContain('It was not fetched');
});

it('makes do with what is here when an optional image is nowhere, and fails for one that is not', async () => {
  await registry.stop();
  await applyPull(connection, { kind: 'pull-image', service: 'app', optional: true }, context());
  expect(await isBuiltHere()).toBeUndefined();
  await expect(applyPull(connection, { kind: 'pull-image', service: 'app' }, context())).rejects.toThrow();
}, 30_000);
