import { AppError, type AppErrorData, fromAppErrorData, toAppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { EngineKind } from '../../shared/stack/stack-snapshot.ts';
import type { Project } from '../compose/project.ts';
import type { Logger } from '../lifetime/logger.ts';
import { type HashBuildContext, hashBuilds } from './hash-builds.ts';
import { imageReferences } from './image-references.ts';
import type { ProfileChoice, ProjectSource, ProjectWatch } from './project-source.ts';

export interface ProjectFilesDeps {
  readonly source: ProjectSource;
  readonly engineKind: () => EngineKind;
  readonly profiles: () => Promise<ProfileChoice>;
  /** Hash of a service's build inputs as they are on disk now; absent: images are built only when missing. */
  readonly hashBuildContext?: HashBuildContext | undefined;
  readonly logger: Logger;
  /** They were read again. */
  readonly onChange: () => void;
}

/** What a plan is made of on this side of the engine. */
export interface ProjectInputs {
  readonly project: Project;
  /** Of the build inputs on disk, by service. */
  readonly buildHashes: Readonly<Record<string, string>>;
}

/** The project as its files say, and what is wrong with them while they are broken. */
export class ProjectFiles {
  readonly #deps: ProjectFilesDeps;
  readonly #ended = new AbortController();
  #project: Project | undefined;
  #error: AppErrorData | undefined;
  #buildHashes: Readonly<Record<string, string>> = {};
  #watch: ProjectWatch | undefined;
  #watchedFiles = '';
  /** Reads of the files do not overtake each other. */
  #reading: Promise<void> = Promise.resolve();

  constructor(deps: ProjectFilesDeps) {
    this.#deps = deps;
  }

  /** Undefined before the first read, and while the files are broken. */
  get project(): Project | undefined {
    return this.#project;
  }

  get error(): AppErrorData | undefined {
    return this.#error;
  }

  get name(): string {
    return this.#project?.name ?? this.#deps.source.fallbackName;
  }

  /** The name as the files say it; of broken ones as well as it can be known. */
  async readName(): Promise<string> {
    if (this.#project === undefined && this.#error === undefined) await this.reload();
    return this.name;
  }

  /** Hashes of the build inputs, by service. */
  get buildHashes(): Readonly<Record<string, string>> {
    return this.#buildHashes;
  }

  /** References of the images that the project names. */
  get images(): readonly string[] {
    return this.#project === undefined ? [] : imageReferences(this.#project);
  }

  /** @throws AppError that says what is wrong with the files. */
  require(): Project {
    if (this.#project !== undefined) return this.#project;
    throw this.#error === undefined
      ? new AppError('internal', phrase('project_unread'))
      : fromAppErrorData(this.#error);
  }

  /**
   * The project for a run of these services: those whose profile is off are on when they are named.
   *
   * @throws AppError that says what is wrong with the files.
   */
  async requireFor(services: readonly string[]): Promise<ProjectInputs> {
    const project = this.require();
    if (!services.some((name) => project.inactiveServices?.includes(name)))
      return { project, buildHashes: this.#buildHashes };
    const { profiles, source } = this.#deps;
    const wider = await source.load(await profiles(), services);
    return { project: wider, buildHashes: await this.#hash(wider) };
  }

  /** Reads the files and `.env` again. Never rejects: a broken one is an {@link error}. */
  reload(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#read());
    return this.#reading;
  }

  /** Reads the files again whenever one of them changes, until `unwatch`. */
  watch(): void {
    if (this.#watch === undefined && !this.#ended.signal.aborted) this.#startWatching();
  }

  async unwatch(): Promise<void> {
    const watch = this.#watch;
    this.#watch = undefined;
    await watch?.close();
  }

  async dispose(): Promise<void> {
    this.#ended.abort();
    await this.unwatch();
  }

  async #read(): Promise<void> {
    if (this.#ended.signal.aborted) return;
    const { logger, onChange, profiles, source } = this.#deps;
    try {
      const project = await source.load(await profiles());
      this.#buildHashes = await this.#hash(project);
      this.#project = project;
      this.#error = undefined;
    } catch (error) {
      this.#project = undefined;
      this.#error = toAppError(error).toData();
      logger.warn({ code: this.#error.code, project: source.id }, 'the project files cannot be used');
    }
    if (this.#watch !== undefined && this.#watchedFiles !== this.#fileList()) {
      await this.unwatch();
      this.watch();
    }
    onChange();
  }

  #hash(project: Project): Promise<Readonly<Record<string, string>>> {
    const { engineKind, hashBuildContext, logger } = this.#deps;
    const hash = engineKind() === 'docker' ? hashBuildContext : undefined;
    return hashBuilds(project, hash, this.#ended.signal, logger);
  }

  #startWatching(): void {
    this.#watchedFiles = this.#fileList();
    this.#watch = this.#deps.source.watch(() => void this.reload());
  }

  #fileList(): string {
    return this.#project?.configFiles.join('\n') ?? this.#watchedFiles;
  }
}
