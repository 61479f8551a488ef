import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ProjectSummary } from '../../shared/stack/projects-contract.ts';
import { FakeEngine } from '../engine/fake-engine.ts';
import type { EngineProject } from '../engine/stack-engine.ts';
import { silentLogger } from '../lifetime/logger.ts';
import { EngineHub } from '../stack/engine-hub.ts';
import { folderSource } from '../stack/folder-source.ts';
import type { ProjectSource } from '../stack/project-source.ts';
import { createProject } from './create-project.ts';
import { foundProjectId } from './engine-projects.ts';
import { ProjectsService } from './projects-service.ts';

class EngineOfSeveral extends FakeEngine {
  projects: readonly EngineProject[] = [];
  lists = 0;

  async listProjects(): Promise<readonly EngineProject[]> {
    this.lists += 1;
    return this.projects;
  }
}

const COMPOSE = 'services: { web: { image: "web:1" } }\n';
let root: string;
let engine: EngineOfSeveral;
let hub: EngineHub;
let projects: ProjectsService;
let chosen: string | undefined;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'skilldeck-projects-')));
  for (const folder of ['own', 'shop', 'blog']) {
    await mkdir(join(root, folder));
    await writeFile(join(root, folder, 'compose.yaml'), COMPOSE);
  }
  await mkdir(join(root, 'empty'));
  engine = new EngineOfSeveral();
  hub = new EngineHub({ engine });
  projects = await openService();
});

afterEach(async () => {
  await projects.dispose();
  await projects.get('workspace').stack.dispose();
  await hub.dispose();
  await rm(root, { recursive: true, force: true });
});

async function openService(): Promise<ProjectsService> {
  const stateDirectory = join(root, 'state');
  const create = (source: ProjectSource) =>
    createProject(
      {
        hub,
        openExternal: async () => {},
        openPath: async () => {},
        redact: (text) => text,
        logger: silentLogger,
      },
      source,
    );
  const workspace = create(folderSource({ directory: join(root, 'own'), processEnv: {}, stateDirectory }));
  await workspace.stack.open();
  await vi.waitFor(() => expect(hub.status.kind).toBe('connected'));
  const service = new ProjectsService({
    hub,
    workspace,
    file: join(root, 'projects.json'),
    env: {},
    stateDirectory,
    create,
    choose: async () => chosen,
    contexts: { list: async () => [], use: async () => {} },
  });
  await service.open();
  return service;
}

async function listed(): Promise<readonly ProjectSummary[]> {
  for await (const { projects: now } of projects.subscribe()) return now;
  return [];
}

test('opens a folder, lists it, and finds it again after a start', async () => {
  chosen = join(root, 'shop');
  const { projectId = '' } = await projects.openChosen('folder');
  expect(await projects.openPath(join(root, 'shop'))).toBe(projectId);
  expect(await listed()).toMatchObject([
    { id: 'workspace', name: 'own', kind: 'workspace' },
    { id: projectId, name: 'shop', kind: 'open', directory: join(root, 'shop'), canOpen: true },
  ]);
  await projects.dispose();
  projects = await openService();
  expect((await listed()).map(({ name }) => name)).toEqual(['own', 'shop']);
  await rm(join(root, 'shop'), { recursive: true });
  expect((await listed())[1]).toMatchObject({ name: 'shop', canOpen: false });
});

test('the folder of the workspace is the workspace; a file is a project of its own', async () => {
  expect(await projects.openPath(join(root, 'own'))).toBe('workspace');
  await writeFile(join(root, 'shop', 'other.yaml'), `name: other\n${COMPOSE}`);
  const id = await projects.openPath(join(root, 'shop', 'other.yaml'));
  expect(id).not.toBe(await projects.openPath(join(root, 'shop')));
  expect((await listed()).map(({ name }) => name)).toEqual(['own', 'other', 'shop']);
});

test('changing one’s mind opens nothing; a folder without a compose file is refused, a broken one opens', async () => {
  chosen = undefined;
  expect(await projects.openChosen('file')).toEqual({});
  await expect(projects.openPath(join(root, 'empty'))).rejects.toMatchObject({
    code: 'compose.file_missing',
  });
  await writeFile(join(root, 'blog', 'compose.yaml'), 'services: [');
  const id = await projects.openPath(join(root, 'blog'));
  const { stack } = projects.get(id);
  await stack.reloadProject();
  expect(stack.snapshot.projectError?.code).toBe('compose.invalid');
});

test('shows what runs on the engine, counted by name, and opens what still has its files', async () => {
  const file = join(root, 'blog', 'compose.yaml');
  engine.projects = [
    { name: 'blog', workingDir: join(root, 'blog'), configFiles: [file], running: 1, total: 2 },
    { name: 'gone', workingDir: '/nowhere', configFiles: ['/nowhere/compose.yaml'], running: 1, total: 1 },
    { name: 'own', configFiles: [], running: 3, total: 3 },
  ];
  const seen = new AbortController();
  const updates = projects.subscribe(seen.signal);
  await vi.waitFor(async () => expect((await updates.next()).value?.projects).toHaveLength(3));
  expect(
    (await updates.next().then(() => listed())).map(({ name, kind, running, canOpen }) => [
      name,
      kind,
      running,
      canOpen,
    ]),
  ).toEqual([
    ['own', 'workspace', 3, true],
    ['blog', 'found', 1, true],
    ['gone', 'found', 1, false],
  ]);
  seen.abort();
  await updates.return();
  const id = await projects.openFound(foundProjectId('blog'));
  expect((await listed()).find((project) => project.id === id)).toMatchObject({
    name: 'blog',
    kind: 'open',
    total: 2,
  });
  await expect(projects.openFound(foundProjectId('gone'))).rejects.toMatchObject({
    code: 'compose.file_missing',
  });
  await expect(projects.openFound('found-x')).rejects.toMatchObject({ code: 'project.unknown' });
});

test('asks the engine for nothing while nobody looks', async () => {
  const id = await projects.openPath(join(root, 'shop'));
  const observe = vi.spyOn(engine, 'observe');
  const { lists } = engine;
  projects.get(id);
  for (let change = 0; change < 5; change += 1) engine.setState(engine.state);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect([engine.lists - lists, observe.mock.calls.length]).toEqual([0, 0]);
  const looking = projects.get(id).stack.subscribe();
  await looking.next();
  await vi.waitFor(() => expect(observe).toHaveBeenCalled());
  await looking.return();
});

test('closing forgets a project and stops nothing of it; one that is busy stays', async () => {
  const id = await projects.openPath(join(root, 'shop'));
  const { stack } = projects.get(id);
  let go = () => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  engine.beforeApply = () => gate;
  stack.start();
  await vi.waitFor(() => expect(stack.snapshot.run?.outcome).toBe('running'));
  await expect(projects.close(id)).rejects.toMatchObject({ code: 'operation.busy' });
  go();
  expect((await stack.whenIdle())?.outcome).toBe('done');
  const { containers } = engine.state;
  expect(containers).toHaveLength(1);
  await projects.close(id);
  expect(engine.state.containers).toEqual(containers);
  expect(() => projects.get(id)).toThrow('not open');
});
