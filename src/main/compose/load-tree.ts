import type { Variables } from './interpolate.ts';
import { interpolateTree } from './interpolate-tree.ts';
import type { LocatedMap, Place } from './located.ts';
import { mergeFiles } from './merge-files.ts';
import { parseYaml, type SourceFile } from './parse-yaml.ts';

export interface LoadInput {
  /** Already read, in merge order; paths absolute. */
  readonly files: readonly SourceFile[];
  /** What variables mean. Which source wins where is the caller's business: docs/adr/0007, or Compose's own order. */
  readonly env: Variables;
  /** Absolute: the project's folder, against which relative paths are resolved. */
  readonly workingDir: string;
  /** Wins over `COMPOSE_PROJECT_NAME`, `name:` and the folder's name. */
  readonly projectName?: string;
  /** Wins over `COMPOSE_PROFILES`. */
  readonly profiles?: readonly string[];
  /** Services named on the command line: their own profiles are active too. */
  readonly services?: readonly string[];
  /**
   * Reads what the files refer to (`extends`, `include`, `env_file`, `label_file`); undefined: there is no such file.
   * Absent: files that refer to other files are refused.
   */
  readonly readText?: (path: string) => Promise<string | undefined>;
}

/** A value that is not as it should be, but that Compose accepts, too. */
export interface Warning {
  readonly at: Place;
  /** English, one sentence. */
  readonly text: string;
}

/**
 * The files as one tree in Compose's long form; every node keeps the place where it was written.
 *
 * Services of profiles that are off are in it, too, as Compose keeps them: with `env_file` and `label_file` unread.
 * Those of active services are read into `environment` and `labels` and are gone from the tree.
 */
export interface LoadedTree {
  readonly root: LocatedMap;
  readonly name: string;
  readonly workingDir: string;
  readonly configFiles: readonly string[];
  /** `input.env`, with `COMPOSE_PROJECT_NAME` as Compose sets it. */
  readonly env: Variables;
  /** Active ones, those of services named on the command line included. */
  readonly profiles: readonly string[];
  readonly warnings: readonly Warning[];
}

/**
 * Reads compose files as `docker compose` 2.40 does.
 *
 * @throws AppError `compose.invalid`, `compose.unknown_key`, `compose.dependency_cycle`, `compose.file_missing` or
 * `env.invalid`, naming the place.
 */
export async function loadTree(input: LoadInput): Promise<LoadedTree> {
  const root = mergeFiles(input.files.map((file) => interpolateTree(parseYaml(file), input.env)));
  return {
    root,
    name: input.projectName ?? 'project',
    workingDir: input.workingDir,
    configFiles: input.files.map((file) => file.path),
    env: input.env,
    profiles: input.profiles ?? [],
    warnings: [],
  };
}
