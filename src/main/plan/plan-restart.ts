import type { EngineKind } from '../../shared/stack/stack-snapshot.ts';
import type { Project } from '../compose/project.ts';
import { cause } from './causes.ts';
import { closure, requireServices } from './choose-services.ts';
import { dependenciesOf, inDependencyOrder } from './dependencies.ts';
import type { ObservedState } from './observed-state.ts';
import type { Plan } from './operation.ts';
import { isAlive, ownState } from './own-state.ts';
import { PlanBuilder } from './plan-builder.ts';
import { sandboxProject } from './sandbox-project.ts';
import { waitTargets } from './wait-target.ts';

export interface PlanRestartOptions {
  readonly engine: EngineKind;
  /** All that exist when absent or empty. */
  readonly services?: readonly string[];
  /** The same for one. */
  readonly service?: string;
  /** Leaves those alone that ask to be restarted along. */
  readonly noDeps?: boolean;
  /** Between stop signal and kill, instead of each service's own grace period. */
  readonly timeoutMs?: number;
}

/**
 * Stops and starts what exists, dependants down first and dependencies up first; recreates nothing.
 *
 * Chosen services take along only those that ask for it with `depends_on: { restart: true }`.
 *
 * @throws AppError `service.unknown`
 */
export function planRestart(whole: Project, observed: ObservedState, options: PlanRestartOptions): Plan {
  const { engine } = options;
  const project = engine === 'sandbox' ? sandboxProject(whole) : whole;
  const { byService } = ownState(observed, { projectName: whole.name });
  const builder = new PlanBuilder();
  const order = inDependencyOrder(project, engine);
  const chosen = chosenServices(project, options);
  const timeout = options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs };
  const why = cause('requested', 'restart was asked for');
  const stops = new Map<string, readonly string[]>();
  for (const { name } of [...order].reverse()) {
    const containers = byService.get(name);
    if (!chosen.has(name) || containers === undefined) continue;
    const dependants = order.filter((other) => dependenciesOf(other, engine)[name] !== undefined);
    const before = dependants.flatMap((other) => stops.get(other.name) ?? []);
    const ids = containers.map(({ id }) =>
      builder.add({ kind: 'stop-container', service: name, containerId: id, ...timeout }, why, before),
    );
    stops.set(name, ids);
  }
  const targetOf = waitTargets(project, engine);
  const ready = new Map<string, readonly string[]>();
  for (const service of order) {
    const { name } = service;
    const stopped = stops.get(name);
    if (stopped === undefined) continue;
    const needs = Object.keys(dependenciesOf(service, engine)).flatMap((other) => ready.get(other) ?? []);
    const numbers = new Set(byService.get(name)?.map(({ number }) => number));
    const waits = [...numbers].map((number) => {
      const start = builder.add({ kind: 'start-container', service: name, number }, why, [
        ...stopped,
        ...needs,
      ]);
      const until = targetOf(service);
      return builder.add({ kind: 'wait-container', service: name, number, until }, why, [start]);
    });
    ready.set(name, waits);
  }
  return {
    ...builder.build('up'),
    services: order.map(({ name }) => {
      const containers = byService.get(name) ?? [];
      const count = { from: containers.length, to: containers.length };
      if (!stops.has(name))
        return { service: name, action: 'none', causes: [], replicas: count, downtime: 'none' };
      const downtime = containers.some(isAlive) ? 'short' : 'none';
      return { service: name, action: 'restart', causes: [why], replicas: count, downtime };
    }),
  };
}

function chosenServices(project: Project, options: PlanRestartOptions): ReadonlySet<string> {
  const { engine, noDeps, service, services = [] } = options;
  const named = service === undefined ? services : [...services, service];
  requireServices(project, named);
  if (named.length === 0) return new Set(Object.keys(project.services));
  return closure(named, (name) =>
    noDeps
      ? []
      : Object.values(project.services)
          .filter((other) => dependenciesOf(other, engine)[name]?.restart)
          .map((other) => other.name),
  );
}
