import type { Project } from '../compose/project.ts';
import { orderLeniently } from '../compose/service-order.ts';
import { cause } from './causes.ts';
import { LABEL, parseDependsOnLabel } from './labels.ts';
import type { ObservedContainer, ObservedState } from './observed-state.ts';
import type { Plan } from './operation.ts';
import { PlanBuilder } from './plan-builder.ts';

/**
 * Takes down all that carries the project's labels: dependants first, then networks. Volumes stay.
 *
 * Works from labels alone; the project, where the files can be read, only adds to the order.
 */
export function planDown(observed: ObservedState, project?: Project): Plan {
  const builder = new PlanBuilder();
  const graph = dependencyGraph(observed.containers, project);
  const removed = new Map<string, string[]>();
  const inOrder = [...orderLeniently(graph)].reverse();
  for (const service of inOrder) {
    const dependants = Object.keys(graph).filter((name) => graph[name]?.includes(service));
    // Only those that come earlier in this order: a circle in the labels must not block everything.
    const before = dependants
      .filter((name) => inOrder.indexOf(name) < inOrder.indexOf(service))
      .flatMap((name) => removed.get(name) ?? []);
    const own = observed.containers.filter((container) => container.service === service);
    removed.set(
      service,
      own.map((container) => removeContainer(builder, container, before, project)),
    );
  }
  const all = [...removed.values()].flat();
  for (const network of [...observed.networks].sort((a, b) => (a.name < b.name ? -1 : 1)))
    builder.add(
      { kind: 'remove-network', network: network.key, networkId: network.id },
      cause('requested', 'the stack is stopped'),
      all,
    );
  return builder.build('down');
}

function removeContainer(
  builder: PlanBuilder,
  container: ObservedContainer,
  before: readonly string[],
  project: Project | undefined,
): string {
  const orphan =
    project !== undefined &&
    project.services[container.service] === undefined &&
    project.inactiveServices?.includes(container.service) !== true;
  const why = orphan
    ? cause('orphan', `${container.service} is not in the files any more`)
    : cause('requested', 'the stack is stopped');
  const target = { service: container.service, containerId: container.id };
  const stopped =
    container.state === 'exited' || container.state === 'created'
      ? before
      : [builder.add({ kind: 'stop-container', ...target }, why, before)];
  return builder.add({ kind: 'remove-container', ...target }, why, stopped);
}

function dependencyGraph(
  containers: readonly ObservedContainer[],
  project: Project | undefined,
): Readonly<Record<string, readonly string[]>> {
  const graph: Record<string, string[]> = {};
  for (const container of containers) {
    const known =
      graph[container.service] ?? Object.keys(project?.services[container.service]?.dependsOn ?? {});
    graph[container.service] = known;
    known.push(...parseDependsOnLabel(container.labels[LABEL.dependsOn]));
  }
  return graph;
}
