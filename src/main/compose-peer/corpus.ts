import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnvFile } from '../compose/env-file.ts';
import type { LoadInput } from '../compose/load-project.ts';

/** For tests and benchmarks only: a folder with compose files, which Compose and we must read alike. */
export interface CorpusCase {
  readonly name: string;
  /** Absolute. */
  readonly directory: string;
  /** In merge order, relative to it. */
  readonly files: readonly string[];
  /** With `--env-file`, as `.env` is kept out of the repository. */
  readonly hasVariables: boolean;
}

const CORPUS = fileURLToPath(new URL('corpus', import.meta.url));
const STACK = fileURLToPath(new URL('../../../stack', import.meta.url));
const VARIABLES = 'variables.env';

/** Nothing of the person's own environment decides what the files mean. */
export const PEER_ENVIRONMENT = { HOME: homedir(), PATH: process.env.PATH ?? '' };

/** Files of one construct each. */
export const constructs = (): readonly CorpusCase[] => casesIn('constructs');
/** Files as projects have them, our own stack among them. */
export const projects = (): readonly CorpusCase[] => [
  ...casesIn('projects'),
  { name: 'the bundled stack', directory: STACK, files: ['compose.yaml'], hasVariables: false },
];

/** The same for {@link loadProject}, with the files read. */
export function loadInput(of: CorpusCase): LoadInput {
  const variables = of.hasVariables ? join(of.directory, VARIABLES) : undefined;
  const env =
    variables === undefined
      ? PEER_ENVIRONMENT
      : {
          ...parseEnvFile(readFileSync(variables, 'utf8'), variables, PEER_ENVIRONMENT),
          ...PEER_ENVIRONMENT,
        };
  const paths = of.files.map((file) => join(of.directory, file));
  return {
    files: paths.map((path) => ({ path, text: readFileSync(path, 'utf8') })),
    env,
    workingDir: of.directory,
    readText,
  };
}

/** The same for `docker compose`. */
export function composeArguments(of: CorpusCase): readonly string[] {
  return [...(of.hasVariables ? ['--env-file', VARIABLES] : []), ...of.files.flatMap((file) => ['-f', file])];
}

export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function casesIn(folder: string): readonly CorpusCase[] {
  return readdirSync(join(CORPUS, folder))
    .sort()
    .map((name) => {
      const directory = join(CORPUS, folder, name);
      return {
        name: `${folder}/${name}`,
        directory,
        files: filesOf(directory),
        hasVariables: existsSync(join(directory, VARIABLES)),
      };
    });
}

/** `files.txt` names them; without it those that Compose finds itself. */
function filesOf(directory: string): readonly string[] {
  const list = join(directory, 'files.txt');
  if (existsSync(list)) return readFileSync(list, 'utf8').trim().split('\n');
  const overrides = ['compose.override.yaml', 'compose.override.yml'];
  return ['compose.yaml', ...overrides.filter((file) => existsSync(join(directory, file)))];
}
