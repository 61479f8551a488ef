import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, tryRun } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

const CA_BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const APT_SOURCES = ['/etc/apt/sources.list', '/etc/apt/sources.list.d'];

/**
 * How this machine reaches packages. Read at run time and never written into the repository.
 */
export async function hostNetworkSettings() {
  return {
    caBundle: existsSync(CA_BUNDLE) ? readFileSync(CA_BUNDLE) : undefined,
    debianMirror: findDebianMirror(readAptSources()),
    aptProxy: await aptProxy(),
    npmRegistry: (await run('npm', ['config', 'get', 'registry'])).trim().split('\n').at(-1) ?? '',
  };
}

function readAptSources() {
  const files = APT_SOURCES.flatMap((path) => {
    if (!existsSync(path)) return [];
    return path.endsWith('.d') ? readdirSync(path).map((name) => join(path, name)) : [path];
  });
  return files.map((file) => readFileSync(file, 'utf8')).join('\n');
}

/**
 * The first mirror of Debian's main archive, in apt's one-line or in its deb822 format.
 *
 * @param {string} sources
 */
export function findDebianMirror(sources) {
  const match = /^(?:URIs:\s*|deb\s+(?:\[[^\]]*\]\s*)?)(\S+\/debian)\/?(?:\s|$)/m.exec(sources);
  if (match?.[1]) return match[1];
  throw new SetupError('No Debian mirror is named in the apt sources.', 'Add one to /etc/apt/sources.list.');
}

/** apt's own proxy setting, in the form of a configuration line; empty without one. */
async function aptProxy() {
  const { stdout } = await tryRun('apt-config', ['dump']);
  return stdout
    .split('\n')
    .filter((line) => /^Acquire::https?::Proxy\b/.test(line))
    .join('\n');
}
