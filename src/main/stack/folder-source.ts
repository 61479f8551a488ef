import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import type { Variables } from '../compose/interpolate.ts';
import type { Project } from '../compose/project.ts';
import { applyProfileChoice } from './apply-profile-choice.ts';
import { FILE_NAMES, type FoundProject, findComposeProject, STDIN } from './find-compose-project.ts';
import type { ProfileChoice, ProjectSource, ProjectWatch } from './project-source.ts';
import { readProjectFile } from './read-project-file.ts';
import { rememberLoad } from './remember-load.ts';
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
  /** `--profile`; when there is one, `COMPOSE_PROFILES` does not count. */
  readonly profiles?: readonly string[];
  /** `--env-file`, in order. */
  readonly envFiles?: readonly string[];
  /** What the shell has set wins over `.env`, as it does for Compose. */
  readonly processEnv: Variables;
  /** Where run records are kept; the person's own state directory when absent. */
  readonly stateDirectory?: string;
}

/** More are not watched. */
const MAX_WATCHED = 500;

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
  readonly #load = rememberLoad();
  /** As last found: the name, once the files have been read. */
  #name: string;
  #found: FoundProject | undefined;
  /** All that was looked for, also in vain: one that appears counts. */
  #looked: ReadonlySet<string> = new Set();

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

  async load(choice: ProfileChoice = {}, services: readonly string[] = []): Promise<Project> {
    const input = await this.#find();
    this.#found = input;
    const profiles = applyProfileChoice(input.profiles, choice);
    const { envFiles, envPaths: _paths, ...files } = input;
    const project = await this.#load({ ...files, profiles, services });
    this.#name = project.name;
    return envFiles.length === 0 ? project : { ...project, envFiles };
  }

  watch(onChange: () => void): ProjectWatch {
    const usual = FILE_NAMES.map((name) => join(this.directory, name));
    const paths = [...new Set([...usual, this.envFile, ...this.#looked])];
    return watchFiles(paths.filter((path) => path !== STDIN).slice(0, MAX_WATCHED), onChange);
  }

  async readEnv(): Promise<Variables> {
    return (await this.#find()).env;
  }

  async formFile(_project: Project | undefined, service: string): Promise<string> {
    const { files } = await this.#find();
    const defining = files.filter(({ text }) => definesService(text, service)).at(-1);
    return (defining ?? files[0])?.path ?? join(this.directory, FILE_NAMES[0] ?? '');
  }

  #find(): Promise<FoundProject> {
    const { stdin } = this.#options;
    const looked = new Set<string>();
    this.#looked = looked;
    const readText = (path: string): Promise<string | undefined> => {
      looked.add(path);
      return path === STDIN && stdin !== undefined ? stdin() : readProjectFile(path);
    };
    return findComposeProject({ ...this.#options, readText });
  }
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
