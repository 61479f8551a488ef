import { existsSync } from 'node:fs';
import { run, tryRun } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

const APT_ENVIRONMENT = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
const APT_OPTIONS = ['-q', '-o', 'DPkg::Lock::Timeout=120'];

/** Debian or one of its children. */
export const isDebian = () => existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');
export const isRoot = () => process.getuid?.() === 0;

/**
 * Installs packages where we may, otherwise says which command does it.
 *
 * `a|b` names alternatives: newer Debian releases renamed some libraries (libasound2t64).
 *
 * @param {readonly string[]} packages
 * @param {string} purpose ends the sentence "These packages are missing for …"
 */
export async function installPackages(packages, purpose) {
  if (!isDebian()) {
    const names = packages.map((name) => name.split('|').at(-1));
    throw new SetupError(
      `System packages are missing for ${purpose}.`,
      `Install what your system calls these Debian packages: ${names.join(' ')}`,
    );
  }
  if (!isRoot()) {
    const names = await resolveNames(packages);
    throw new SetupError(
      `System packages are missing for ${purpose}.`,
      `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names.join(' ')}`,
    );
  }
  await run('apt-get', [...APT_OPTIONS, 'update'], { env: APT_ENVIRONMENT });
  const names = await resolveNames(packages);
  await run('apt-get', [...APT_OPTIONS, 'install', '-y', '--no-install-recommends', ...names], {
    env: APT_ENVIRONMENT,
  });
}

/** @param {readonly string[]} packages */
async function resolveNames(packages) {
  const names = [];
  for (const alternatives of packages) {
    const candidates = alternatives.split('|');
    let found = candidates.at(-1) ?? alternatives;
    for (const name of candidates.slice(0, -1)) {
      const { stdout } = await tryRun('apt-cache', ['policy', name]);
      if (/Candidate: (?!\(none\))/.test(stdout)) {
        found = name;
        break;
      }
    }
    names.push(found);
  }
  return names;
}
