import type { PortMapping, Project, Service } from '../compose/project.ts';
import type { ObservedState } from '../plan/observed-state.ts';
import type { Plan } from '../plan/operation.ts';

/** A port, or some of a range, that the plan's starts will ask for. */
export interface WantedPort {
  readonly service: string;
  readonly hostIp: string;
  readonly port: number;
  /** Last port of a range; absent: `port` itself. */
  readonly last?: number;
  /** How many of them; absent: one. */
  readonly count?: number;
}

/** TCP ports that the plan's starts will ask for and that the project does not hold itself already. */
export function wantedPorts(project: Project, observed: ObservedState, plan: Plan): readonly WantedPort[] {
  const starting = startsByService(plan);
  const held = heldPorts(project, observed);
  return Object.values(project.services).flatMap((service) => {
    const starts = starting.get(service.name) ?? 0;
    if (starts === 0) return [];
    return service.ports.flatMap((port) => wanted(service, port, starts, held));
  });
}

function wanted(
  service: Service,
  mapping: PortMapping,
  starts: number,
  held: ReadonlySet<number>,
): readonly WantedPort[] {
  const { hostIp, protocol, published, publishedEnd } = mapping;
  if (published === undefined || protocol !== 'tcp') return [];
  const last = publishedEnd ?? published;
  const own = range(published, last).filter((port) => held.has(port)).length;
  const count = Math.max(0, starts - own);
  if (count === 0) return [];
  return [
    {
      service: service.name,
      hostIp: hostIp === '' ? '0.0.0.0' : hostIp,
      port: published,
      ...(last === published ? {} : { last }),
      ...(count === 1 ? {} : { count }),
    },
  ];
}

/** Instances that the plan starts. One that is replaced gives its ports to the one that replaces it. */
function startsByService(plan: Plan): ReadonlyMap<string, number> {
  const numbers = new Map<string, Set<number>>();
  for (const { operation } of plan.steps) {
    if (operation.kind !== 'start-container' && operation.kind !== 'replace-container') continue;
    const known = numbers.get(operation.service) ?? new Set();
    numbers.set(operation.service, known.add(operation.number));
  }
  return new Map([...numbers].map(([service, of]) => [service, of.size]));
}

/** Also those of services that keep running: a second one on the same port could never start. */
function heldPorts(project: Project, observed: ObservedState): ReadonlySet<number> {
  const running = observed.containers.filter((container) =>
    ['running', 'paused', 'restarting'].includes(container.state),
  );
  return new Set(
    running.flatMap((container) => [
      ...container.ports.map((port) => port.hostPort),
      // Of a range only the engine knows which one it took.
      ...(project.services[container.service]?.ports ?? []).flatMap(({ published, publishedEnd }) =>
        published === undefined || (publishedEnd !== undefined && publishedEnd !== published)
          ? []
          : [published],
      ),
    ]),
  );
}

export function range(first: number, last: number): readonly number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}
