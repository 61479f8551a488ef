import { AppError } from '../../shared/errors/app-error.ts';
import { phrase } from '../../shared/errors/phrases/phrase.ts';
import type { EngineKind } from '../../shared/stack/stack-snapshot.ts';
import type { Project, Service } from '../compose/project.ts';
import { imageReference } from './container-name.ts';
import type { ObservedState } from './observed-state.ts';

export type WaitTarget = 'running' | 'healthy' | 'completed';

/** What the start of each service must have reached before its dependants go on. */
export function waitTargets(project: Project, engine: EngineKind): (service: Service) => WaitTarget {
  const completed = new Set<string>();
  const healthy = new Set<string>();
  for (const { dependsOn } of Object.values(project.services))
    for (const [name, { condition }] of Object.entries(dependsOn))
      if (condition === 'service_completed_successfully') completed.add(name);
      else if (condition === 'service_healthy') healthy.add(name);
  return (service) => {
    if (completed.has(service.name)) return 'completed';
    if (engine === 'sandbox') return service.skilldeck.sandbox?.health === undefined ? 'running' : 'healthy';
    if (service.healthcheck !== undefined) return service.healthcheck.disabled ? 'running' : 'healthy';
    // The image may bring a check of its own, which nobody knows before it is here.
    return healthy.has(service.name) ? 'healthy' : 'running';
  };
}

/**
 * A dependency that must be healthy needs a health check, or its dependants would wait for ever.
 *
 * @throws AppError `compose.invalid`
 */
export function requireHealthchecks(
  project: Project,
  services: readonly Service[],
  observed: ObservedState,
): void {
  for (const service of services)
    for (const [name, { condition, required }] of Object.entries(service.dependsOn)) {
      const dependency = project.services[name];
      if (condition !== 'service_healthy' || !required || dependency === undefined) continue;
      const image = observed.images[imageReference(project, dependency)];
      const own = dependency.healthcheck;
      if (own === undefined ? image?.hasHealthcheck !== false : !own.disabled) continue;
      throw new AppError(
        'compose.invalid',
        phrase('no_healthcheck', { service: service.name, other: name }),
        {
          hint: `Give ${name} a healthcheck, or wait with "condition: service_started".`,
          params: {
            path: `services.${service.name}.depends_on.${name}.condition`,
            expected: phrase('healthcheck_in', { service: name }),
            found: phrase('none'),
          },
        },
      );
    }
}
