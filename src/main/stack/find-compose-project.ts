import { delimiter, dirname, join, resolve } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import { parseEnvFile } from '../compose/env-file.ts';
import type { Variables } from '../compose/interpolate.ts';
import type { LoadInput } from '../compose/load-project.ts';

export interface FindOptions {
  /** Where the search begins, and what relative paths are relative to; absolute. */
  readonly directory: string;
  /** `-f`, in order; `-` is read like any other and has no folder. */
  readonly files?: readonly string[] | undefined;
  /** `--project-directory` */
  readonly projectDirectory?: string | undefined;
  readonly projectName?: string | undefined;
  /** `--profile`; when there is one, `COMPOSE_PROFILES` does not count. */
  readonly profiles?: readonly string[] | undefined;
  /** `--env-file`, in order; `.env` is not read then. */
  readonly envFiles?: readonly string[] | undefined;
  readonly processEnv: Variables;
  /** Undefined: there is no such file. */
  readonly readText: (path: string) => Promise<string | undefined>;
}

export interface FoundProject extends Omit<LoadInput, 'profiles'> {
  readonly profiles: readonly string[];
  /** `.env` and the like that were read, in the order in which they count. */
  readonly envPaths: readonly string[];
  /** Named ones, absolute as on Compose's label. */
  readonly envFiles: readonly string[];
}

/** Stands for what is piped in; a label says so, too. */
export const STDIN = '-';
export const FILE_NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const OVERRIDE_NAMES = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

/**
 * Finds what `docker compose` would read for these options: `-f`, else `COMPOSE_FILE`, else the usual names here and
 * in the folders above. The process's variables win over `.env`; that of the start over that of the project's folder.
 *
 * @throws AppError `compose.file_missing`, `env.invalid`
 */
export async function findComposeProject(options: FindOptions): Promise<FoundProject> {
  const { directory, projectDirectory, projectName, readText } = options;
  const named = options.envFiles ?? words(options.processEnv.COMPOSE_ENV_FILES, ',');
  const variables = new VariableFiles(options, named);
  const given = options.files?.map((file) => absolute(directory, file));
  const at = projectDirectory === undefined ? undefined : resolve(directory, projectDirectory);
  await variables.read(at ?? folderOf(given, directory));
  const paths =
    given ?? filesOfEnvironment(variables.env, directory) ?? (await usualFiles(at ?? directory, readText));
  const workingDir = at ?? folderOf(paths, directory);
  await variables.read(workingDir);
  const { env } = variables;
  const files = await Promise.all(
    paths.map(async (path) => ({ path, text: (await readText(path)) ?? missing(path) })),
  );
  const profiles = options.profiles ?? [];
  return {
    files,
    env,
    workingDir,
    ...(projectName === undefined ? {} : { projectName }),
    profiles: profiles.length > 0 ? profiles : words(env.COMPOSE_PROFILES, ','),
    readText,
    envPaths: variables.paths,
    envFiles: named.map((file) => resolve(directory, file)),
  };
}

/** The process's variables, and those of files that it does not have. */
class VariableFiles {
  readonly #options: FindOptions;
  readonly #named: readonly string[];
  readonly #paths = new Set<string>();
  #env: Variables;

  constructor(options: FindOptions, named: readonly string[]) {
    this.#options = options;
    this.#named = named;
    this.#env = { ...options.processEnv, PWD: options.directory };
  }

  get env(): Variables {
    return this.#env;
  }

  get paths(): readonly string[] {
    return [...this.#paths];
  }

  /** Those that were named, else the `.env` of the folder. What is set already stays. */
  async read(folder: string): Promise<void> {
    const { directory, readText } = this.#options;
    if (this.#named.length === 0 && isTrue(this.#env.COMPOSE_DISABLE_ENV_FILE)) return;
    const isNamed = this.#named.length > 0;
    const paths = isNamed ? this.#named.map((file) => resolve(directory, file)) : [join(folder, '.env')];
    let read: Variables = {};
    for (const path of paths) {
      if (this.#paths.has(path)) continue;
      this.#paths.add(path);
      const text = await readText(path);
      if (text === undefined && isNamed) throw missing(path);
      if (text !== undefined) read = { ...read, ...parseEnvFile(text, path, this.#env, { before: read }) };
    }
    this.#env = { ...read, ...this.#env };
  }
}

function filesOfEnvironment(env: Variables, directory: string): readonly string[] | undefined {
  const files = words(env.COMPOSE_FILE, env.COMPOSE_PATH_SEPARATOR || delimiter);
  return files.length === 0 ? undefined : files.map((file) => absolute(directory, file));
}

async function usualFiles(start: string, readText: FindOptions['readText']): Promise<readonly string[]> {
  const first = async (folder: string, names: readonly string[]) => {
    for (const name of names) {
      const path = join(folder, name);
      if ((await readText(path)) !== undefined) return path;
    }
    return undefined;
  };
  for (let folder = start; ; folder = dirname(folder)) {
    const file = await first(folder, FILE_NAMES);
    if (file !== undefined) {
      const override = await first(folder, OVERRIDE_NAMES);
      return override === undefined ? [file] : [file, override];
    }
    if (dirname(folder) === folder) throw missing(join(start, FILE_NAMES[0] ?? ''));
  }
}

function folderOf(paths: readonly string[] | undefined, directory: string): string {
  const path = paths?.find((candidate) => candidate !== STDIN);
  return path === undefined ? directory : dirname(path);
}

function absolute(directory: string, file: string): string {
  return file === STDIN ? file : resolve(directory, file);
}

function words(text: string | undefined, separator: string): readonly string[] {
  return (text ?? '').split(separator).flatMap((word) => (word.trim() === '' ? [] : [word.trim()]));
}

/** As Go's `strconv.ParseBool` says. */
function isTrue(text: string | undefined): boolean {
  return ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text ?? '');
}

function missing(path: string): never {
  throw new AppError('compose.file_missing', phrase('file_gone', { path }), { params: { path } });
}
