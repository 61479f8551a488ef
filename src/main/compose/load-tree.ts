import type { Variables } from './interpolate.ts';
import type { LocatedMap } from './located.ts';
import type { SourceFile } from './parse-yaml.ts';
import type { Warning } from './project.ts';
import { documentsOf, type LoadSession, loadFiles } from './tree/load-files.ts';
import { child } from './tree/nodes.ts';
import { normalise } from './tree/normalise.ts';
import { projectName } from './tree/project-name.ts';
import { profilesOf, readEnvFiles } from './tree/read-env-files.ts';

const MAX_FILES = 500;
const MAX_PORTS = 100_000;
const MAX_WARNINGS = 1000;

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

/**
 * The files as one tree in Compose's long form; every node keeps the place where it was written.
 *
 * Services of profiles that are off are in it, too, as Compose keeps them: with `env_file` and `label_file` unread.
 * Those of active services are read into `environment` and `labels`; `env_file` is gone from the tree then.
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
  // A file may be read for several services that extend what is in it: each warning once.
  const warnings = new Map<string, Warning>();
  const warn = (warning: Warning) => {
    if (warnings.size < MAX_WARNINGS) warnings.set(JSON.stringify(warning), warning);
  };
  const session: LoadSession = {
    readText: input.readText,
    warn,
    ports: { ports: MAX_PORTS },
    files: { left: MAX_FILES },
    parsed: new Map(),
  };
  const name = projectName(
    input,
    input.files.flatMap((file) => documentsOf(file, session)),
  );
  const env = { ...input.env, COMPOSE_PROJECT_NAME: name };
  const { files, workingDir } = input;
  const loaded = await loadFiles({ files, env, workingDir, within: [] }, session);
  const normalised = normalise(loaded, name);
  const profiles = activeProfiles(input, normalised);
  const root = await readEnvFiles(normalised, profiles, env, session);
  return {
    root,
    name,
    workingDir,
    configFiles: files.map(({ path }) => path),
    env,
    profiles,
    warnings: [...warnings.values()],
  };
}

function activeProfiles(input: LoadInput, root: LocatedMap): readonly string[] {
  const named = input.profiles ?? (input.env.COMPOSE_PROFILES ?? '').split(',');
  const services = child(root, 'services');
  const own = (input.services ?? []).flatMap((service) => {
    const node = child(services, service);
    return node === undefined ? [] : profilesOf(node);
  });
  return [...new Set([...named, ...own])].filter((profile) => profile !== '');
}
