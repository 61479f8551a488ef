import type { Service } from '../compose/project.ts';
import type { ObservedContainer } from './observed-state.ts';
import { isAlive } from './own-state.ts';
import type { ServiceDecision } from './service-decision.ts';

export interface PortHandover {
  /** Containers that have to give up a port before another service can start: stopped ahead of their turn. */
  readonly early: ReadonlySet<string>;
  /** By service: containers that hold a port which it is about to publish. */
  readonly holders: ReadonlyMap<string, readonly string[]>;
}

/** Ports that move from one service to another in this plan; a port that nobody gives up is left to the preflight. */
export function findHandovers(
  decisions: readonly ServiceDecision[],
  containers: readonly ObservedContainer[],
  isRemoved: (containerId: string) => boolean,
): PortHandover {
  const held = new Map<string, ObservedContainer[]>();
  for (const container of containers.filter(isAlive))
    for (const { hostPort, protocol } of container.ports) {
      const key = `${hostPort}/${protocol}`;
      held.set(key, [...(held.get(key) ?? []), container]);
    }
  const renewed = new Map(
    decisions.flatMap(({ kept, service }) =>
      kept.flatMap(({ container, decision }): [string, Service][] =>
        decision.kind === 'renew' ? [[container.id, service]] : [],
      ),
    ),
  );
  const early = new Set<string>();
  const holders = new Map<string, string[]>();
  for (const { kept, missing, service } of decisions) {
    const starts =
      missing.length > 0 ||
      kept.some(({ decision }) => decision.kind === 'renew' || decision.kind === 'start');
    if (!starts) continue;
    for (const port of fixedPorts(service))
      for (const { id, service: holder } of held.get(port) ?? []) {
        const removed = isRemoved(id);
        const successor = renewed.get(id);
        const moves =
          successor !== undefined && holder !== service.name && !fixedPorts(successor).includes(port);
        if (!removed && !moves) continue;
        if (!removed) early.add(id);
        holders.set(service.name, [...(holders.get(service.name) ?? []), id]);
      }
  }
  return { early, holders };
}

function fixedPorts({ ports }: Service): readonly string[] {
  return ports.flatMap(({ protocol, published, publishedEnd = published }) =>
    published === undefined || publishedEnd !== published ? [] : [`${published}/${protocol}`],
  );
}
