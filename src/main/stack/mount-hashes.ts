import { createHash, type Hash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Project, Service } from '../compose/project.ts';

/** What the app writes into a workspace for services to mount. Data is theirs and changes all the time. */
const FOLDERS: ReadonlySet<string> = new Set(['ai-gateway', 'certs', 'file-manager', 'reverse-proxy']);
const MAX_FILES = 500;
const MAX_DEPTH = 8;

/** The project with the hash of their files, as they are on disk now, on the services that mount files of the app. */
export async function withMountHashes(project: Project): Promise<Project> {
  const services = await Promise.all(
    Object.values(project.services).map(async (service): Promise<[string, Service]> => {
      const sources = service.volumes.flatMap((mount) =>
        mount.kind === 'bind' && isOurs(project.workingDir, mount.source) ? [mount.source] : [],
      );
      if (sources.length === 0) return [service.name, service];
      const hash = createHash('sha256');
      const budget = { files: MAX_FILES };
      for (const source of sources.sort()) await addTree(hash, project.workingDir, source, 0, budget);
      return [service.name, { ...service, mountsHash: hash.digest('hex') }];
    }),
  );
  return { ...project, services: Object.fromEntries(services) };
}

function isOurs(workingDir: string, source: string): boolean {
  return FOLDERS.has(relative(workingDir, source).split(sep)[0] ?? '');
}

async function addTree(
  hash: Hash,
  root: string,
  path: string,
  depth: number,
  budget: { files: number },
): Promise<void> {
  if (depth > MAX_DEPTH || budget.files <= 0) return;
  // Relative: a workspace that was moved has not changed.
  const name = relative(root, path).split(sep).join('/');
  try {
    if ((await stat(path)).isDirectory()) {
      for (const child of (await readdir(path)).sort())
        await addTree(hash, root, join(path, child), depth + 1, budget);
      return;
    }
    budget.files -= 1;
    const content = createHash('sha256').update(await readFile(path));
    hash.update(`${JSON.stringify([name, content.digest('hex')])}\n`);
  } catch (error) {
    // Absent or unreadable is a state like any other; what comes of it, the start will say.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    hash.update(`${JSON.stringify([name, code])}\n`);
  }
}
