import type { EngineKind } from '../../shared/stack/stack-snapshot.ts';
import type { Project } from '../compose/project.ts';
import { orderByDependency } from '../compose/service-order.ts';
import { cause } from './causes.ts';
import type { ObservedState } from './observed-state.ts';
import type { Plan } from './operation.ts';
import { PlanBuilder } from './plan-builder.ts';
import { waitTarget } from './plan-up.ts';
import { sandboxProject } from './sandbox-project.ts';

export interface PlanRestartOptions {
  readonly engine: EngineKind;
  /** All that exist when absent. */
  readonly service?: string;
}

/**
 * Stops and starts what exists, dependants down first and dependencies up first; recreates nothing.
 *
 * One service takes along only those that ask for it with `depends_on: { restart: true }`.
 */
export function planRestart(whole: Project, observed: ObservedState, options: PlanRestartOptions): Plan {
  const project = options.engine === 'sandbox' ? sandboxProject(whole) : whole;
  const builder = new PlanBuilder();
  const graph: Record<string, readonly string[]> = {};
  for (const service of Object.values(project.services)) graph[service.name] = Object.keys(service.dependsOn);
  const order = orderByDependency(graph);
  const chosen = chosenServices(project, order, options.service);
  const why = cause('requested', 'restart was asked for');
  const stops = new Map<string, string>();
  for (const name of [...order].reverse()) {
    const container = observed.containers.find((candidate) => candidate.service === name);
    if (!chosen.has(name) || container === undefined) continue;
    const dependants = order.filter((other) => graph[other]?.includes(name)).map((other) => stops.get(other));
    stops.set(
      name,
      builder.add({ kind: 'stop-container', service: name, containerId: container.id }, why, dependants),
    );
  }
  const ready = new Map<string, string>();
  for (const name of order) {
    const stop = stops.get(name);
    const service = project.services[name];
    if (stop === undefined || service === undefined) continue;
    const needs = Object.keys(service.dependsOn).map((dependency) => ready.get(dependency));
    const start = builder.add({ kind: 'start-container', service: name, number: 1 }, why, [stop, ...needs]);
    const until = waitTarget(project, service, options.engine);
    ready.set(name, builder.add({ kind: 'wait-container', service: name, number: 1, until }, why, [start]));
  }
  return builder.build('up');
}

function chosenServices(
  project: Project,
  order: readonly string[],
  only: string | undefined,
): ReadonlySet<string> {
  if (only === undefined) return new Set(order);
  const chosen = new Set([only]);
  for (const name of order) {
    const dependsOn = Object.entries(project.services[name]?.dependsOn ?? {});
    if (dependsOn.some(([dependency, how]) => how.restart && chosen.has(dependency))) chosen.add(name);
  }
  return chosen;
}
