import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { Project } from '../compose/project.ts';

/** Names by which a service is reached from another one. */
export type Edges = (service: string) => readonly string[];

/** @throws AppError `service.unknown` */
export function requireServices(project: Project, names: readonly string[]): void {
  for (const name of names)
    if (project.services[name] === undefined)
      throw new AppError('service.unknown', phrase('no_service_in_project', { name }), {
        params: { service: name },
      });
}

/** The names and all that can be reached from them. */
export function closure(names: Iterable<string>, edges: Edges): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    open.push(...edges(name));
  }
  return reached;
}
