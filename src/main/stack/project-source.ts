import { readFile } from 'node:fs/promises';
import { type FSWatcher, watch } from 'chokidar';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Variables } from '../compose/interpolate.ts';
import { loadProject } from '../compose/load-project.ts';
import type { Project } from '../compose/project.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { withMountHashes } from './mount-hashes.ts';

const SETTLE_MS = 150;

/** Reads the project of a workspace from its files. */
export async function loadWorkspaceProject(workspace: Workspace): Promise<Project> {
  const env: Variables = await workspace.readEnv();
  const { composeFile, directory, overrideFile } = workspace.paths;
  const base = await readText(composeFile);
  if (base === undefined)
    throw new AppError('workspace.invalid', `${composeFile} is missing.`, {
      hint: 'Start Skilldeck again: it puts the file back.',
      params: { path: composeFile },
    });
  const override = await readText(overrideFile);
  const project = loadProject({
    files: [
      { path: composeFile, text: base },
      ...(override === undefined ? [] : [{ path: overrideFile, text: override }]),
    ],
    env,
    workingDir: directory,
  });
  return withMountHashes(project);
}

/** Tells when one of the project's files changed on disk, once things have settled. */
export class ProjectWatcher {
  readonly #watcher: FSWatcher;
  #timer: NodeJS.Timeout | undefined;

  constructor(workspace: Workspace, onChange: () => void) {
    const { composeFile, envFile, overrideFile } = workspace.paths;
    this.#watcher = watch([composeFile, overrideFile, envFile], { ignoreInitial: true });
    this.#watcher.on('all', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(onChange, SETTLE_MS);
    });
    // A watcher that fails costs only the live update: Start reads the files again anyway.
    this.#watcher.on('error', () => {});
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#watcher.close();
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new AppError('compose.invalid', `${path} cannot be read.`, {
      cause: error,
      params: {
        file: path,
        line: 1,
        column: 1,
        path: '(file)',
        expected: 'a readable file',
        found: String(error),
      },
    });
  }
}
