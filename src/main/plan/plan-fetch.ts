import type { Project, Service } from '../compose/project.ts';
import { cause } from './causes.ts';
import { requireServices } from './choose-services.ts';
import { imageReference } from './container-name.ts';
import type { ObservedState } from './observed-state.ts';
import type { Plan } from './operation.ts';
import { compare } from './own-state.ts';
import { PlanBuilder } from './plan-builder.ts';

export interface PlanFetchOptions {
  /** Absent or empty: all. */
  readonly services?: readonly string[];
}

/**
 * `docker compose pull`: fetches every image, present or not, unless its service says `never` or `build` (`missing`: unless
 * it is here). One that can be built may be nowhere. Containers stay as they are until the next start.
 *
 * @throws AppError `service.unknown`
 */
export function planPull(project: Project, observed: ObservedState, options: PlanFetchOptions = {}): Plan {
  const builder = new PlanBuilder();
  const fetched = new Set<string>();
  for (const service of chosen(project, options)) {
    const { build, definition, name, pullPolicy } = service;
    const reference = imageReference(project, service);
    const key = `${reference} ${definition.platform ?? ''}`;
    const isOnlyBuilt = build !== undefined && service.image === undefined;
    if (isOnlyBuilt || pullPolicy === 'never' || pullPolicy === 'build' || fetched.has(key)) continue;
    if (pullPolicy === 'missing' && observed.images[reference] !== undefined) continue;
    fetched.add(key);
    const why = cause('refresh', `image ${reference} was asked for`, { image: reference });
    const optional = build === undefined ? {} : ({ optional: true } as const);
    builder.add({ kind: 'pull-image', service: name, ...optional }, why);
  }
  return builder.build('up');
}

/**
 * `docker compose build`: builds again although nothing may have changed; one that builds on another service's image
 * after that one.
 *
 * @throws AppError `service.unknown`
 */
export function planBuild(
  project: Project,
  options: PlanFetchOptions & { readonly noCache?: boolean } = {},
): Plan {
  const builder = new PlanBuilder();
  const built = chosen(project, options).filter(({ build }) => build !== undefined);
  const cache = options.noCache ? { noCache: true } : {};
  for (const service of built) {
    const reference = imageReference(project, service);
    const why = cause('refresh', `a build of ${reference} was asked for`, { image: reference });
    const bases = baseServices(service).filter((name) => built.some((other) => other.name === name));
    const needs = bases.map((name) => `build-image:${name}`);
    builder.add({ kind: 'build-image', service: service.name, ...cache }, why, needs);
  }
  return builder.build('up');
}

/** Services on whose images it builds: `additional_contexts: { base: "service:x" }`. */
export function baseServices({ definition }: Service): readonly string[] {
  return Object.values(definition.build?.additional_contexts ?? {}).flatMap((context) =>
    context.startsWith('service:') ? [context.slice('service:'.length)] : [],
  );
}

function chosen(project: Project, { services = [] }: PlanFetchOptions): readonly Service[] {
  requireServices(project, services);
  return Object.values(project.services)
    .filter(({ name }) => services.length === 0 || services.includes(name))
    .sort((a, b) => compare(a.name, b.name));
}
