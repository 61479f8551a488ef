import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PEER_ENVIRONMENT } from './corpus.ts';

const run = promisify(execFile);

/** For `describe.skipIf`: what the report says of tests that are left out without one. */
export const NEEDS_COMPOSE = { meta: { needs: 'docker compose v2; DOCKER_COMPOSE_BIN names one' } };

/** For tests only: a real `docker compose` of version 2 or newer, which needs no engine to read files; undefined without one. */
export async function findCompose(): Promise<string | undefined> {
  const { DOCKER_COMPOSE_BIN: named, XDG_CACHE_HOME: cache = join(homedir(), '.cache') } = process.env;
  const plugins = [
    join(homedir(), '.docker/cli-plugins'),
    '/usr/local/lib/docker/cli-plugins',
    '/usr/local/libexec/docker/cli-plugins',
    '/usr/lib/docker/cli-plugins',
    '/usr/libexec/docker/cli-plugins',
    join(cache, 'docker-compose-v2'),
  ];
  const candidates = [...(named ? [named] : []), ...plugins.map((folder) => join(folder, 'docker-compose'))];
  for (const candidate of candidates) {
    const version = await run(candidate, ['version', '--short']).then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    );
    if (version !== undefined && Number.parseInt(version.replace(/^v/, ''), 10) >= 2) return candidate;
  }
  return undefined;
}

/** Runs `docker compose` in a folder and gives what it prints; rejects with its own words. */
export async function runCompose(
  compose: string,
  directory: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout } = await run(compose, [...args], {
    cwd: directory,
    env: { ...PEER_ENVIRONMENT, ...variables },
    maxBuffer: 16 * 1024 ** 2,
  });
  return stdout;
}
