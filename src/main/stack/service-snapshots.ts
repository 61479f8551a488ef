import type { Cause } from '../../shared/stack/plan-view.ts';
import type { EngineKind, ServiceSnapshot } from '../../shared/stack/stack-snapshot.ts';
import type { Project, Service } from '../compose/project.ts';
import { imageReference } from '../plan/container-name.ts';
import { LABEL, parseDependsOnLabel } from '../plan/labels.ts';
import type { ObservedContainer, ObservedState } from '../plan/observed-state.ts';
import type { Plan } from '../plan/operation.ts';
import { completes, instanceState, isGood, serviceState } from './service-state.ts';

export interface ServicesInput {
  readonly engine: EngineKind;
  readonly project: Project | undefined;
  /** Undefined while the engine has not been asked. */
  readonly observed: ObservedState | undefined;
  /** What Start would do. */
  readonly plan: Plan | undefined;
  /** Last lines of failed instances, by id. */
  readonly lastLines: ReadonlyMap<string, readonly string[]>;
  /** Takes secrets out of what containers say. */
  readonly redact: (text: string) => string;
}

/** All services of a project: those of the files, those whose profile is off, and what no file describes any more. */
export function serviceSnapshots(input: ServicesInput): readonly ServiceSnapshot[] {
  const byService = new Map<string, ObservedContainer[]>();
  for (const container of input.observed?.containers ?? []) {
    const known = byService.get(container.service);
    if (known === undefined) byService.set(container.service, [container]);
    else known.push(container);
  }
  const { project } = input;
  const drift = driftByService(input.plan);
  const all = Object.values(project?.services ?? {});
  const described = all.map((service) => {
    const containers = byService.get(service.name) ?? [];
    const cause = containers.length === 0 ? undefined : drift.get(service.name);
    return {
      ...describedService(input, project, service, containers, completes(service, all)),
      ...(cause === undefined ? {} : { drift: cause }),
    };
  });
  const inactive = project?.inactiveServices ?? [];
  const others = [...byService.keys()].filter((name) => project?.services[name] === undefined);
  const names = [...new Set([...inactive, ...others])].sort();
  return [
    ...described,
    ...names.map((name) => otherService(input, name, byService.get(name) ?? [], inactive.includes(name))),
  ];
}

function describedService(
  input: ServicesInput,
  project: Project | undefined,
  service: Service,
  containers: readonly ObservedContainer[],
  ends: boolean,
): ServiceSnapshot {
  const sandbox = input.engine === 'sandbox';
  const image = project === undefined ? (service.image ?? '') : imageReference(project, service);
  const { cpus, memoryBytes } = service.resources;
  return {
    // The sandbox runs one process for each service.
    ...instances(input, service.name, containers, ends, sandbox ? 1 : service.replicas),
    role: service.skilldeck.role,
    image: sandbox ? (service.skilldeck.sandbox?.command.join(' ') ?? image) : image,
    dependsOn: Object.keys(service.dependsOn),
    available: !sandbox || service.skilldeck.sandbox !== undefined,
    limits: {
      ...(cpus === undefined ? {} : { cpus }),
      ...(memoryBytes === undefined ? {} : { memoryBytes }),
    },
    orphan: false,
  };
}

/** Not to be started: its profile is off, or it carries our labels and no file describes it. */
function otherService(
  input: ServicesInput,
  name: string,
  containers: readonly ObservedContainer[],
  inactive: boolean,
): ServiceSnapshot {
  const [first] = containers;
  return {
    ...instances(input, name, containers, false, containers.length),
    role: 'other',
    image: first?.imageRef ?? '',
    dependsOn: [...parseDependsOnLabel(first?.labels[LABEL.dependsOn])],
    available: true,
    limits: {},
    ...(inactive ? { inactive: true } : {}),
    // Without the files nobody can say that it does not belong.
    orphan: input.project !== undefined && !inactive,
  };
}

function instances(
  input: ServicesInput,
  name: string,
  containers: readonly ObservedContainer[],
  ends: boolean,
  wanted: number,
): Pick<ServiceSnapshot, 'name' | 'state' | 'instances' | 'ports' | 'replicas'> {
  const ordered = [...containers].sort((a, b) => rank(a) - rank(b) || a.number - b.number);
  const listed = ordered.map((container) => {
    const lastLines = (input.lastLines.get(container.id) ?? []).map(input.redact);
    const healthOutput = input.redact(container.healthOutput);
    const state = instanceState({ ...container, healthOutput }, { completes: ends, lastLines });
    return { id: container.id, name: container.name, number: container.number, state };
  });
  // While a container is replaced there are two with its number: the one that runs counts.
  const counted = listed.filter(
    (one, index) => listed.findIndex((other) => other.number === one.number) === index,
  );
  const states = counted.map((one) => one.state);
  return {
    name,
    state: serviceState(states, wanted),
    instances: listed,
    replicas: { running: states.filter(isGood).length, wanted },
    ports: ordered.flatMap((container) => container.ports.map((port) => ({ ...port }))),
  };
}

function rank(container: ObservedContainer): number {
  return container.state === 'running' ? 0 : 1;
}

const DRIFTS: ReadonlySet<Cause['kind']> = new Set([
  'config_changed',
  'image_changed',
  'mounts_changed',
  'network_changed',
  'volume_changed',
  'build_context_changed',
  'scale',
]);

/** Why what runs is not what the files say, from the plan that would change it. */
function driftByService(plan: Plan | undefined): ReadonlyMap<string, Cause> {
  const drift = new Map<string, Cause>();
  for (const { cause, operation } of plan?.steps ?? []) {
    if (!('service' in operation) || drift.has(operation.service) || !DRIFTS.has(cause.kind)) continue;
    drift.set(operation.service, cause);
  }
  return drift;
}
