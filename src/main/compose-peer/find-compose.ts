import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

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

/** What `docker compose config` makes of the files in a folder; rejects with its own words. */
export async function composeConfig(
  compose: string,
  directory: string,
  files: readonly string[],
): Promise<unknown> {
  const args = files.flatMap((file) => ['-f', file]);
  const { stdout } = await run(compose, [...args, 'config', '--format', 'json'], {
    cwd: directory,
    // Nothing of the person's own environment decides what the files mean.
    env: { HOME: homedir(), PATH: process.env.PATH ?? '' },
    maxBuffer: 16 * 1024 ** 2,
  });
  return JSON.parse(stdout);
}
