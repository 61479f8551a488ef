import { toAppError } from '../../shared/errors/app-error.ts';
import type { Project, Service } from '../compose/project.ts';
import type { Logger } from '../lifetime/logger.ts';

export type HashBuildContext = (project: Project, service: Service, signal: AbortSignal) => Promise<string>;

/** Hashes of the build inputs on disk, by service; empty without a hash function. */
export async function hashBuilds(
  project: Project,
  hash: HashBuildContext | undefined,
  signal: AbortSignal,
  logger: Logger,
): Promise<Readonly<Record<string, string>>> {
  if (hash === undefined) return {};
  const entries = await Promise.all(
    Object.values(project.services).map(async (service): Promise<[string, string][]> => {
      const { build, name } = service;
      if (build === undefined) return [];
      try {
        return [[name, await hash(project, service, signal)]];
      } catch (error) {
        // A context that cannot be read fails where it matters: in the build, with its own message.
        logger.warn({ service: name, code: toAppError(error).code }, 'the build context was not read');
        return [];
      }
    }),
  );
  return Object.fromEntries(entries.flat());
}
