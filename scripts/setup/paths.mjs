import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What is expensive to make and the same for every clone is kept here, outside of the repository. */
export const CACHE_DIR = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'skilldeck');

/** What belongs to this clone only: stamps, generated lists, reports. */
export const LOCAL_CACHE_DIR = join(ROOT, '.cache');

/** @param {string[]} parts */
export const inRepository = (...parts) => join(ROOT, ...parts);

/**
 * The environment of everything that runs after the install: the repository's own tools first on PATH.
 *
 * `node_modules/.bin/node` is the Node version that package.json pins, so that every machine uses the same one.
 *
 * @param {NodeJS.ProcessEnv} [extra]
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment(extra = {}) {
  const bin = inRepository('node_modules', '.bin');
  const path = process.env.PATH ?? '';
  return { ...process.env, PATH: path.startsWith(bin) ? path : bin + delimiter + path, ...extra };
}

export const pinnedNode = () =>
  inRepository('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
