import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { AppError } from '../../shared/errors/app-error.ts';
import { parseEnvFile } from '../compose/env-file.ts';
import type { Variables } from '../compose/interpolate.ts';
import { type LoadInput, loadProject } from '../compose/load-project.ts';
import type { Project } from '../compose/project.ts';
import { applyProfileChoice, environmentProfiles } from './apply-profile-choice.ts';
import type { ProfileChoice, ProjectSource, ProjectWatch } from './project-source.ts';
import { readProjectFile } from './read-project-file.ts';
import { userStateDirectory } from './state-directory.ts';
import { watchFiles } from './watch-files.ts';

export interface FolderSourceOptions {
  /** Where the search for a compose file begins, and what relative files are relative to; absolute. */
  readonly directory: string;
  /** `-f`, in order; `-` is what {@link FolderSourceOptions.stdin} gives. */
  readonly files?: readonly string[] | undefined;
  readonly stdin?: () => Promise<string>;
  /** `--project-directory`. */
  readonly projectDirectory?: string;
  readonly projectName?: string | undefined;
  /** `--profile`; added to `COMPOSE_PROFILES`. */
  readonly profiles?: readonly string[];
  /** `--env-file`, in order. */
  readonly envFiles?: readonly string[];
  /** What the shell has set wins over `.env`, as it does for Compose. */
  readonly processEnv: Variables;
  /** Where run records are kept; the person's own state directory when absent. */
  readonly stateDirectory?: string;
}

/** As `docker compose -f -` names it, also in labels. */
const STDIN = '-';
const FILE_NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];

/** Any folder with a compose file, read as `docker compose` reads it there. */
export function folderSource(options: FolderSourceOptions): ProjectSource {
  return new FolderSource(options);
}

/** Stable for the same folder, files and name, and a good file name. */
export function folderProjectId({
  directory,
  files = [],
  projectName = '',
}: Pick<FolderSourceOptions, 'directory' | 'files' | 'projectName'>): string {
  const paths = [resolve(directory), ...files.map((file) => resolve(directory, file))];
  const text = JSON.stringify([projectName, ...paths]);
  return `p-${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
}

class FolderSource implements ProjectSource {
  readonly id: string;
  readonly runsDirectory: string;
  readonly #options: FolderSourceOptions;
  /** As last found: the name, once the files have been read. */
  #name: string;
  #found: LoadInput | undefined;

  constructor(options: FolderSourceOptions) {
    this.#options = options;
    this.id = folderProjectId(options);
    this.runsDirectory = join(options.stateDirectory ?? userStateDirectory(), 'projects', this.id, 'runs');
    this.#name = options.projectName ?? defaultName(this.directory);
  }

  get directory(): string {
    return this.#found?.workingDir ?? this.#options.projectDirectory ?? this.#options.directory;
  }

  get fallbackName(): string {
    return this.#name;
  }

  get envFile(): string {
    const { directory, envFiles } = this.#options;
    const [first] = envFiles ?? [];
    return first === undefined ? join(this.directory, '.env') : resolve(directory, first);
  }

  async load(choice: ProfileChoice = {}): Promise<Project> {
    const input = await this.#find();
    this.#found = input;
    const profiles = applyProfileChoice(input.profiles ?? environmentProfiles(input.env), choice);
    const project = await loadProject({ ...input, profiles });
    this.#name = project.name;
    return project;
  }

  watch(onChange: () => void): ProjectWatch {
    const files = this.#found?.files.map((file) => file.path) ?? [];
    const usual = FILE_NAMES.map((name) => join(this.directory, name));
    return watchFiles([...new Set([...files, ...usual, this.envFile])], onChange);
  }

  async readEnv(): Promise<Variables> {
    return (await this.#find()).env;
  }

  async formFile(_project: Project | undefined, service: string): Promise<string> {
    const { files } = await this.#find();
    const defining = files.filter(({ text }) => definesService(text, service)).at(-1);
    return (defining ?? files[0])?.path ?? join(this.directory, FILE_NAMES[0] ?? '');
  }

  async #find(): Promise<LoadInput> {
    const { directory, files, processEnv, projectDirectory, projectName } = this.#options;
    const paths =
      files?.map((file) => (file === STDIN ? file : resolve(directory, file))) ??
      (await usualFiles(directory));
    const [first = STDIN] = paths;
    const workingDir = projectDirectory ?? (first === STDIN ? directory : dirname(first));
    const dotEnv = await readProjectFile(this.envFile);
    const env =
      dotEnv === undefined
        ? processEnv
        : { ...parseEnvFile(dotEnv, this.envFile, processEnv), ...processEnv };
    const texts = await Promise.all(
      paths.map(async (path) => ({ path, text: (await this.#read(path)) ?? missing(path) })),
    );
    return {
      files: texts,
      env,
      workingDir,
      ...(projectName === undefined ? {} : { projectName }),
      profiles: [...environmentProfiles(env), ...(this.#options.profiles ?? [])],
      readText: readProjectFile,
    };
  }

  #read(path: string): Promise<string | undefined> {
    const { stdin } = this.#options;
    return path === STDIN && stdin !== undefined ? stdin() : readProjectFile(path);
  }
}

async function usualFiles(directory: string): Promise<readonly string[]> {
  for (const name of FILE_NAMES) {
    const path = join(directory, name);
    if ((await readProjectFile(path)) === undefined) continue;
    const override = join(directory, name.replace(/\.(ya?ml)$/, '.override.$1'));
    return (await readProjectFile(override)) === undefined ? [path] : [path, override];
  }
  return missing(join(directory, FILE_NAMES[0] ?? ''));
}

function missing(path: string): never {
  throw new AppError('compose.file_missing', `${path} does not exist.`, { params: { path } });
}

function defaultName(directory: string): string {
  const name = directory.split(/[/\\]/).at(-1) ?? '';
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9_-]/g, '')
      .replace(/^[_-]+/, '') || 'project'
  );
}

/** Of a file that does not parse nobody knows; reading its form then says so. */
function definesService(text: string, service: string): boolean {
  return parseDocument(text, { logLevel: 'silent' }).hasIn(['services', service]);
}
