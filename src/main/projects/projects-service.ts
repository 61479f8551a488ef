import { access, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError, toAppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import {
  type DockerContext,
  type ProjectSummary,
  WORKSPACE_PROJECT,
} from '../../shared/stack/projects-contract.ts';
import type { EngineProject } from '../engine/stack-engine.ts';
import { type Logger, silentLogger } from '../lifetime/logger.ts';
import { StatePublisher } from '../rpc/state-publisher.ts';
import type { EngineHub } from '../stack/engine-hub.ts';
import { folderProjectId, folderSource } from '../stack/folder-source.ts';
import type { ProjectSource } from '../stack/project-source.ts';
import { EngineProjects, foundProjectId } from './engine-projects.ts';
import { disposeProject, type OpenProject, type OpenProjects } from './open-project.ts';
import { MAX_OPENED, type OpenedProject, readOpenedProjects, writeOpenedProjects } from './projects-file.ts';

/** Which engine everything talks to. */
export interface ContextChoice {
  list(): Promise<readonly DockerContext[]>;
  /** Resolves when the engine is being connected. */
  use(name: string): Promise<void>;
}

export interface ProjectsServiceDeps {
  readonly hub: EngineHub;
  readonly workspace: OpenProject;
  /** Where the opened projects are kept between starts. */
  readonly file: string;
  /** Of the shell that started the app: what it has set wins over `.env` of opened projects, as for Compose. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stateDirectory?: string;
  readonly create: (source: ProjectSource) => OpenProject;
  /** The system's dialog; undefined when the person changed their mind. */
  readonly choose: (what: 'folder' | 'file') => Promise<string | undefined>;
  readonly contexts: ContextChoice;
  readonly logger?: Logger;
}

interface Entry {
  readonly id: string;
  readonly opened: OpenedProject;
  readonly source: ProjectSource;
  /** Made when somebody works with it. */
  open?: OpenProject;
  canOpen: boolean;
}

/** The workspace's stack, the folders that the person opened, and what else runs on the engine. */
export class ProjectsService implements OpenProjects {
  readonly #deps: ProjectsServiceDeps;
  readonly #logger: Logger;
  readonly #onEngine: EngineProjects;
  readonly #publisher: StatePublisher<{ projects: ProjectSummary[] }>;
  #entries: readonly Entry[] = [];
  /** Whether the files of found projects are where their labels say, by id. */
  #foundFiles: ReadonlyMap<string, boolean> = new Map();

  constructor(deps: ProjectsServiceDeps) {
    this.#deps = deps;
    this.#logger = deps.logger ?? silentLogger;
    this.#publisher = new StatePublisher<{ projects: ProjectSummary[] }>({ projects: [] });
    this.#onEngine = new EngineProjects({
      hub: deps.hub,
      logger: this.#logger,
      onChange: () => void this.#update(),
    });
  }

  /** Reads what was opened the last time. Nothing of it is looked at before somebody does. */
  async open(): Promise<void> {
    this.#entries = (await readOpenedProjects(this.#deps.file)).map((opened) => this.#entry(opened));
    await this.#update();
  }

  get(projectId: string): OpenProject {
    if (projectId === WORKSPACE_PROJECT) return this.#deps.workspace;
    const entry = this.#entries.find(({ id }) => id === projectId);
    if (entry === undefined)
      throw new AppError('project.unknown', phrase('project_not_open'), { params: { project: projectId } });
    if (entry.open === undefined) {
      entry.open = this.#deps.create(entry.source);
      entry.open.stack
        .open()
        .catch((error: unknown) => this.#logger.warn({ err: error }, 'opening a project failed'));
    }
    return entry.open;
  }

  *all(): Iterable<OpenProject> {
    yield this.#deps.workspace;
    for (const { open } of this.#entries) if (open !== undefined) yield open;
  }

  async *subscribe(signal?: AbortSignal): AsyncGenerator<{ projects: ProjectSummary[] }, void, void> {
    const release = this.#onEngine.retain();
    try {
      await this.#update();
      yield* this.#publisher.subscribe(signal);
    } finally {
      release();
    }
  }

  async openChosen(what: 'folder' | 'file'): Promise<{ projectId?: string }> {
    const path = await this.#deps.choose(what);
    return path === undefined ? {} : { projectId: await this.openPath(path) };
  }

  /**
   * Opens a folder or a compose file; the same one again is the same project.
   *
   * @throws AppError `compose.file_missing` when there is no compose file. A broken one opens, and says so.
   */
  async openPath(path: string): Promise<string> {
    const real = await realpath(path).catch(() => path);
    const isFile = await stat(real).then(
      (found) => found.isFile(),
      () => false,
    );
    const directory = isFile ? dirname(real) : real;
    if (!isFile && directory === this.#deps.workspace.stack.directory) return WORKSPACE_PROJECT;
    return this.#add({ directory, ...(isFile ? { files: [real] } : {}) });
  }

  /** @throws AppError `project.unknown`, or `compose.file_missing` when its files are gone. */
  async openFound(projectId: string): Promise<string> {
    await this.#onEngine.refresh();
    const found = this.#onEngine.byId(projectId);
    if (found === undefined)
      throw new AppError('project.unknown', phrase('project_gone'), {
        params: { project: projectId },
      });
    const [first] = found.configFiles;
    const directory = found.workingDir ?? (first === undefined ? undefined : dirname(first));
    if (directory === undefined || first === undefined || !(await hasFiles(found)))
      throw new AppError(
        'compose.file_missing',
        first === undefined ? phrase('compose_file_gone') : phrase('file_gone', { path: first }),
        {
          params: { path: first ?? '' },
        },
      );
    return this.#add({ directory, files: [...found.configFiles], projectName: found.name });
  }

  /** @throws AppError `operation.busy` while something runs on it. */
  async close(projectId: string): Promise<void> {
    const entry = this.#entries.find(({ id }) => id === projectId);
    if (entry === undefined) return;
    if (entry.open?.stack.isBusy) throw new AppError('operation.busy', phrase('project_busy'));
    this.#entries = this.#entries.filter((other) => other !== entry);
    await this.#save();
    if (entry.open !== undefined) await disposeProject(entry.open);
  }

  async contexts(): Promise<DockerContext[]> {
    return [...(await this.#deps.contexts.list())];
  }

  async useContext(name: string): Promise<void> {
    await this.#deps.contexts.use(name);
  }

  async dispose(): Promise<void> {
    this.#onEngine.dispose();
    await Promise.all(this.#entries.map(async ({ open }) => open && disposeProject(open)));
  }

  async #add(wanted: Omit<OpenedProject, 'name'>): Promise<string> {
    const id = folderProjectId(wanted);
    if (this.#entries.some((entry) => entry.id === id)) return id;
    if (this.#entries.length >= MAX_OPENED)
      throw new AppError('operation.busy', phrase('too_many_projects'), { hint: 'Close some of them.' });
    const entry = this.#entry({ ...wanted, name: '' });
    const name = await entry.source.load().then(
      (project) => project.name,
      (error: unknown) => {
        const fault = toAppError(error);
        if (fault.code === 'compose.file_missing') throw fault;
        // Opened all the same: its page says what is wrong and follows the files.
        return entry.source.fallbackName;
      },
    );
    this.#entries = [
      ...this.#entries.filter((other) => other.id !== id),
      { ...entry, opened: { ...wanted, name } },
    ];
    await this.#save();
    return id;
  }

  #entry(opened: OpenedProject): Entry {
    const { directory, files, projectName } = opened;
    const source = folderSource({
      directory,
      processEnv: this.#deps.env,
      ...(files === undefined ? {} : { files, projectDirectory: directory }),
      ...(projectName === undefined ? {} : { projectName }),
      ...(this.#deps.stateDirectory === undefined ? {} : { stateDirectory: this.#deps.stateDirectory }),
    });
    return { id: source.id, opened, source, canOpen: true };
  }

  async #save(): Promise<void> {
    await writeOpenedProjects(
      this.#deps.file,
      this.#entries.map(({ opened }) => opened),
    );
    await this.#update();
  }

  async #update(): Promise<void> {
    const found = this.#onEngine.projects;
    const [checks] = await Promise.all([
      Promise.all(found.map(async (one) => [foundProjectId(one.name), await hasFiles(one)] as const)),
      ...this.#entries.map(async (entry) => {
        entry.canOpen = await canRead(entry.opened.files ?? [entry.opened.directory]);
      }),
    ]);
    this.#foundFiles = new Map(checks);
    this.#publisher.publish({ projects: this.#summaries() });
  }

  #summaries(): ProjectSummary[] {
    const { stack } = this.#deps.workspace;
    const workspace = this.#counted(stack.projectName, {
      id: WORKSPACE_PROJECT,
      directory: stack.directory,
      kind: 'workspace',
      canOpen: true,
    });
    const opened = this.#entries.map(({ canOpen, id, open, opened: { directory, name } }) =>
      this.#counted(open?.stack.projectName ?? name, { id, directory, kind: 'open', canOpen }),
    );
    const known = new Set([workspace, ...opened].map(({ name }) => name));
    const found = this.#onEngine.projects
      .filter(({ name }) => !known.has(name))
      .map(({ name, workingDir = '' }) => {
        const id = foundProjectId(name);
        const canOpen = this.#foundFiles.get(id) ?? false;
        return this.#counted(name, { id, directory: workingDir, kind: 'found', canOpen });
      });
    return [workspace, ...opened, ...found];
  }

  #counted(
    name: string,
    rest: Pick<ProjectSummary, 'id' | 'directory' | 'kind' | 'canOpen'>,
  ): ProjectSummary {
    const onEngine = this.#onEngine.projects.find((project) => project.name === name);
    return { ...rest, name, running: onEngine?.running ?? 0, total: onEngine?.total ?? 0 };
  }
}

async function hasFiles({ configFiles }: EngineProject): Promise<boolean> {
  return configFiles.length > 0 && (await canRead(configFiles));
}

async function canRead(paths: readonly string[]): Promise<boolean> {
  const found = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.every(Boolean);
}
