import { toProject } from './canonical/to-project.ts';
import { type LoadInput, loadTree } from './load-tree.ts';
import type { Project } from './project.ts';

export type { LoadInput } from './load-tree.ts';

/**
 * Reads compose files as `docker compose` does.
 *
 * @throws AppError `compose.invalid`, `compose.unknown_key`, `compose.dependency_cycle`, `compose.file_missing` or
 * `env.invalid`, naming the place.
 */
export async function loadProject(input: LoadInput): Promise<Project> {
  return toProject(await loadTree(input));
}
