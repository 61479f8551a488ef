import { access, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { HostFacts } from './docker-targets.ts';

const PROGRAMS = ['docker', 'dockerd', 'podman', 'docker.exe', 'podman.exe'];
const APPLICATIONS = [
  '/Applications/Docker.app',
  '/Applications/OrbStack.app',
  '/Applications/Rancher Desktop.app',
  'C:\\Program Files\\Docker\\Docker\\Docker Desktop.exe',
];

/** This machine. */
export function readHostFacts(env: NodeJS.ProcessEnv = process.env): HostFacts {
  const userId = process.getuid?.();
  return {
    platform: process.platform,
    env,
    homeDir: homedir(),
    ...(userId === undefined ? {} : { userId }),
    // An unreadable file of the Docker CLI counts as absent, as for the CLI itself.
    readText: (path) => readFile(path, 'utf8').catch(() => undefined),
  };
}

/** Looks for the program of an engine, without running anything. */
export async function isEngineInstalled(env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const sbin = process.platform === 'win32' ? [] : ['/usr/bin', '/usr/sbin', '/usr/local/bin'];
  const places = [...new Set([...folders, ...sbin])].flatMap((folder) =>
    PROGRAMS.map((name) => join(folder, name)),
  );
  const found = await Promise.all(
    [...places, ...APPLICATIONS].map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
