import { dirname, join, resolve } from 'node:path';
import { parseEnvFile } from '../../main/compose/env-file.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { CliContext } from '../cli-context.ts';

export interface LocatedProject {
  /** Where the search for files begins or has ended; absolute. */
  readonly directory: string;
  /** Absolute, in order; absent: the usual names in `directory`. */
  readonly files?: readonly string[];
  readonly envFiles: readonly string[];
  /** Of the shell, over those of the env files. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Undefined where there is no such file. */
export type ReadText = (path: string) => Promise<string | undefined>;

const STDIN = '-';
const FILE_NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];

/**
 * Which files a command line means, by Compose's own order: options, then `COMPOSE_FILE` and `COMPOSE_ENV_FILES`,
 * then the nearest folder upwards that has a compose file.
 *
 * @throws AppError `compose.file_missing` for an env file that was named, `env.invalid`
 */
export async function locateProject(
  { cwd, env, globals }: Pick<CliContext, 'cwd' | 'env' | 'globals'>,
  readText: ReadText,
): Promise<LocatedProject> {
  const projectDirectory =
    globals.projectDirectory === undefined ? undefined : resolve(cwd, globals.projectDirectory);
  const named = globals.file ?? splitFiles(env);
  const [first] = named ?? [];
  const folderOfFiles = first === undefined || first === STDIN ? undefined : dirname(resolve(cwd, first));
  const folder = projectDirectory ?? folderOfFiles ?? (first === STDIN ? cwd : await nearest(cwd, readText));
  const givenEnv = globals.envFile ?? listOf(env.COMPOSE_ENV_FILES, ',');
  const envFiles = givenEnv?.map((path) => resolve(cwd, path)) ?? [join(folder, '.env')];
  const merged = { ...(await readEnvFiles(envFiles, givenEnv !== undefined, env, readText)), ...env };
  const files = named ?? splitFiles(merged);
  return {
    directory: projectDirectory !== undefined || files === undefined ? folder : cwd,
    ...(files === undefined
      ? {}
      : { files: files.map((path) => (path === STDIN ? path : resolve(cwd, path))) }),
    envFiles,
    env: merged,
  };
}

async function readEnvFiles(
  paths: readonly string[],
  isRequired: boolean,
  env: CliContext['env'],
  readText: ReadText,
): Promise<Record<string, string>> {
  let result: Record<string, string> = {};
  for (const path of paths) {
    const text = await readText(path);
    if (text === undefined && isRequired)
      throw new AppError('compose.file_missing', `${path} does not exist.`, { params: { path } });
    // A later file wins, and may refer to what the earlier ones say.
    if (text !== undefined) result = { ...result, ...parseEnvFile(text, path, { ...result, ...env }) };
  }
  return result;
}

/** Where nothing is found the folder itself, so that its file is the one that is missed. */
async function nearest(cwd: string, readText: ReadText): Promise<string> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    for (const name of FILE_NAMES) if ((await readText(join(folder, name))) !== undefined) return folder;
    if (dirname(folder) === folder) return cwd;
  }
}

function splitFiles(env: CliContext['env']): readonly string[] | undefined {
  const separator = env.COMPOSE_PATH_SEPARATOR || (process.platform === 'win32' ? ';' : ':');
  return listOf(env.COMPOSE_FILE, separator);
}

function listOf(text: string | undefined, separator: string): readonly string[] | undefined {
  const parts = text?.split(separator).filter((part) => part !== '') ?? [];
  return parts.length === 0 ? undefined : parts;
}
