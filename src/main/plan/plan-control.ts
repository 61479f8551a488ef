import type { Cause, ServiceChange } from '../../shared/stack/plan-view.ts';
import type { EngineKind } from '../../shared/stack/stack-snapshot.ts';
import type { Project } from '../compose/project.ts';
import { cause } from './causes.ts';
import { type LabelGraph, labelGraph } from './label-graph.ts';
import type { ObservedContainer, ObservedState } from './observed-state.ts';
import type { Operation, Plan } from './operation.ts';
import { isAlive, ownState } from './own-state.ts';
import { PlanBuilder } from './plan-builder.ts';
import { waitTargets } from './wait-target.ts';

export type ControlAction = 'start' | 'stop' | 'kill' | 'pause' | 'unpause' | 'remove';

export interface PlanControlOptions {
  readonly engine: EngineKind;
  readonly action: ControlAction;
  /** Absent or empty: all. */
  readonly services?: readonly string[];
  /** With `kill`; default SIGKILL. */
  readonly signal?: string;
  /** With `remove`: leaves alone what runs, as `docker compose rm` does. Else it is stopped first. */
  readonly onlyStopped?: boolean;
  /** Between stop signal and kill, instead of each service's own grace period. */
  readonly timeoutMs?: number;
}

const ACTION_WORDS: Readonly<Record<ControlAction, ServiceChange['action']>> = {
  start: 'start',
  stop: 'stop',
  kill: 'stop',
  pause: 'stop',
  unpause: 'start',
  remove: 'remove',
};

/**
 * Starts, stops, … what exists; creates nothing. Works from labels alone where the files cannot be read.
 *
 * Dependencies start first and stop last; of services that are not chosen none is touched.
 */
export function planControl(
  observed: ObservedState,
  project: Project | undefined,
  options: PlanControlOptions,
): Plan {
  const { action, services = [] } = options;
  const own = ownState(observed, project === undefined ? {} : { projectName: project.name });
  const graph = labelGraph(own, project);
  const why = cause('requested', `${action} was asked for`);
  const isChosen = ({ service }: ObservedContainer) => services.length === 0 || services.includes(service);
  const touched = own.containers.filter(
    (container) => isChosen(container) && isConcerned(container, options),
  );
  const builder = new PlanBuilder();
  if (action === 'start') addStarts(builder, touched, { graph, project, options, why });
  else addStops(builder, touched, { graph, project, options, why });
  return {
    ...builder.build(action === 'start' || action === 'unpause' ? 'up' : 'down'),
    services: changes(),
  };

  function changes(): readonly ServiceChange[] {
    const names = new Set([...Object.keys(project?.services ?? {}), ...own.byService.keys()]);
    return [...names].sort().map((service) => {
      const from = own.byService.get(service)?.length ?? 0;
      const mine = touched.filter((container) => container.service === service);
      if (mine.length === 0)
        return { service, action: 'none', causes: [], replicas: { from, to: from }, downtime: 'none' };
      const to = action === 'remove' ? from - mine.length : from;
      const ends = action !== 'start' && action !== 'unpause' && mine.some(isAlive);
      const downtime = ends ? 'stopped' : 'none';
      return { service, action: ACTION_WORDS[action], causes: [why], replicas: { from, to }, downtime };
    });
  }
}

interface ControlContext {
  readonly graph: LabelGraph;
  readonly project: Project | undefined;
  readonly options: PlanControlOptions;
  readonly why: Cause;
}

function isConcerned(
  container: ObservedContainer,
  { action, onlyStopped = false }: PlanControlOptions,
): boolean {
  switch (action) {
    case 'start':
      return container.state !== 'running' && container.state !== 'restarting' && container.state !== 'dead';
    case 'stop':
    case 'kill':
      return isAlive(container);
    case 'pause':
      return container.state === 'running';
    case 'unpause':
      return container.state === 'paused';
    case 'remove':
      return !onlyStopped || !isAlive(container);
  }
}

function addStarts(
  builder: PlanBuilder,
  containers: readonly ObservedContainer[],
  { graph, project, options, why }: ControlContext,
): void {
  const targetOf = project === undefined ? undefined : waitTargets(project, options.engine);
  const ready = new Map<string, string[]>();
  for (const name of [...graph.dependantsFirst].reverse()) {
    const service = project?.services[name];
    const needs = [...ready.keys()]
      .filter((dependency) => graph.dependants(dependency).includes(name))
      .flatMap((dependency) => ready.get(dependency) ?? []);
    for (const { id, number, state } of containers.filter((container) => container.service === name)) {
      const started = builder.add(
        state === 'paused'
          ? { kind: 'unpause-container', service: name, containerId: id }
          : { kind: 'start-container', service: name, number },
        why,
        needs,
      );
      const until = service === undefined ? 'running' : (targetOf?.(service) ?? 'running');
      const wait = builder.add({ kind: 'wait-container', service: name, number, until }, why, [started]);
      ready.set(name, [...(ready.get(name) ?? []), wait]);
    }
  }
}

function addStops(
  builder: PlanBuilder,
  containers: readonly ObservedContainer[],
  { graph, options, why }: ControlContext,
): void {
  const done = new Map<string, string[]>();
  for (const name of graph.dependantsFirst) {
    const before = graph.dependants(name).flatMap((dependant) => done.get(dependant) ?? []);
    const ids = containers
      .filter((container) => container.service === name)
      .map((container) => addStop(builder, container, before, options, why));
    done.set(name, ids);
  }
}

function addStop(
  builder: PlanBuilder,
  container: ObservedContainer,
  before: readonly string[],
  { action, signal = 'SIGKILL', timeoutMs }: PlanControlOptions,
  why: Cause,
): string {
  const target = { service: container.service, containerId: container.id };
  const stop: Operation = {
    kind: 'stop-container',
    ...target,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
  switch (action) {
    // At once: signals and the freezer have no order to keep.
    case 'kill':
      return builder.add({ kind: 'kill-container', ...target, signal }, why);
    case 'pause':
      return builder.add({ kind: 'pause-container', ...target }, why);
    case 'unpause':
      return builder.add({ kind: 'unpause-container', ...target }, why);
    case 'remove': {
      const needs = isAlive(container) ? [builder.add(stop, why, before)] : before;
      return builder.add({ kind: 'remove-container', ...target }, why, needs);
    }
    default:
      return builder.add(stop, why, before);
  }
}
