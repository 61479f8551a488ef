import type { EngineKind } from '../../shared/stack/stack-snapshot.ts';
import type { Dependency, Project, Service } from '../compose/project.ts';
import { orderByDependency } from '../compose/service-order.ts';
import { sharedServices } from './resolved-definition.ts';

export type Dependencies = Readonly<Record<string, Dependency>>;

const SHARED: Dependency = { condition: 'service_started', restart: true, required: true };

/** `depends_on`, and what sharing namespaces or volumes implies. */
export function dependenciesOf(service: Service, engine: EngineKind): Dependencies {
  const shared = engine === 'sandbox' ? [] : sharedServices(service.definition);
  if (shared.length === 0) return service.dependsOn;
  return { ...Object.fromEntries(shared.map((name) => [name, SHARED])), ...service.dependsOn };
}

/**
 * Services so that each comes after all it depends on.
 *
 * @throws AppError `compose.dependency_cycle`
 */
export function inDependencyOrder(project: Project, engine: EngineKind): readonly Service[] {
  const graph: Record<string, readonly string[]> = {};
  for (const service of Object.values(project.services))
    graph[service.name] = Object.keys(dependenciesOf(service, engine));
  return orderByDependency(graph).flatMap((name) => project.services[name] ?? []);
}
