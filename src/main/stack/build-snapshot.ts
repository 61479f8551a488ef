import type { AppErrorData } from '../../shared/errors/app-error.ts';
import type { RunRecord } from '../../shared/stack/run-record.ts';
import type { EngineStatus, ServiceSnapshot, StackSnapshot } from '../../shared/stack/stack-snapshot.ts';
import type { Project, Service } from '../compose/project.ts';
import { imageReference } from '../plan/container-name.ts';
import { LABEL, parseDependsOnLabel } from '../plan/labels.ts';
import type { ObservedContainer, ObservedState } from '../plan/observed-state.ts';
import type { Plan } from '../plan/operation.ts';
import { serviceState, stackState } from './service-state.ts';
import { stackEndpoints } from './stack-endpoints.ts';
import { toPlanView } from './to-plan-view.ts';

export interface SnapshotInput {
  readonly seq: number;
  readonly projectName: string;
  readonly workspace: string;
  readonly engine: EngineStatus;
  readonly project: Project | undefined;
  readonly projectError: AppErrorData | undefined;
  /** Undefined while the engine has not been asked. */
  readonly observed: ObservedState | undefined;
  readonly plan: Plan | undefined;
  readonly run: RunRecord | undefined;
  /** Last lines of failed instances, by id. */
  readonly lastLines: ReadonlyMap<string, readonly string[]>;
}

/** Everything that the window draws, from what the files say and what the engine reports. */
export function buildSnapshot(input: SnapshotInput): StackSnapshot {
  const connected = input.engine.kind === 'connected' && input.observed !== undefined;
  const services = [...describedServices(input), ...orphanServices(input)];
  const counted = services.filter((service) => service.available && !service.orphan);
  return {
    seq: input.seq,
    project: { name: input.projectName, workspace: input.workspace },
    engine: input.engine,
    state: stackState(
      counted.map((service) => service.state),
      connected,
      input.run,
    ),
    services,
    networks: networks(input),
    endpoints: input.project === undefined ? [] : [...stackEndpoints(input.project, input.engine.engine)],
    ...(input.plan === undefined ? {} : { plan: toPlanView(input.plan) }),
    ...(input.projectError === undefined ? {} : { projectError: input.projectError }),
    ...(input.run === undefined ? {} : { run: input.run }),
  };
}

function describedServices(input: SnapshotInput): readonly ServiceSnapshot[] {
  const { project } = input;
  if (project === undefined) return [];
  return Object.values(project.services).map((service) => {
    const sandbox = input.engine.engine === 'sandbox';
    const completes = Object.values(project.services).some(
      (other) => other.dependsOn[service.name]?.condition === 'service_completed_successfully',
    );
    return {
      ...instances(input, service.name, completes),
      role: service.skilldeck.role,
      image: sandbox
        ? (service.skilldeck.sandbox?.command.join(' ') ?? imageReference(project, service))
        : imageReference(project, service),
      dependsOn: Object.keys(service.dependsOn),
      available: !sandbox || service.skilldeck.sandbox !== undefined,
      limits: limits(service),
      orphan: false,
    };
  });
}

/** Containers that carry our labels and that no file describes; all of them while the files cannot be read. */
function orphanServices(input: SnapshotInput): readonly ServiceSnapshot[] {
  const { observed, project } = input;
  const names = new Set((observed?.containers ?? []).map((container) => container.service));
  return [...names]
    .filter((name) => project?.services[name] === undefined)
    .sort()
    .map((name) => {
      const container = containersOf(input, name)[0];
      return {
        ...instances(input, name, false),
        role: 'other' as const,
        image: container?.imageRef ?? '',
        dependsOn: [...parseDependsOnLabel(container?.labels[LABEL.dependsOn])],
        available: true,
        limits: {},
        // Without the files nobody can say that it does not belong.
        orphan: project !== undefined && project.inactiveServices?.includes(name) !== true,
      };
    });
}

function instances(
  input: SnapshotInput,
  name: string,
  completes: boolean,
): Pick<ServiceSnapshot, 'name' | 'state' | 'instances' | 'ports'> {
  const containers = containersOf(input, name);
  const [first] = containers;
  const lastLines = first === undefined ? [] : (input.lastLines.get(first.id) ?? []);
  return {
    name,
    state: serviceState(first, { completes, lastLines }),
    instances: containers.map((container) => ({ id: container.id, name: container.name })),
    ports: containers.flatMap((container) => container.ports.map((port) => ({ ...port }))),
  };
}

/** The one that counts first: while a container is replaced there are two. */
function containersOf(input: SnapshotInput, service: string): readonly ObservedContainer[] {
  const rank = (container: ObservedContainer) => (container.state === 'running' ? 0 : 1);
  return (input.observed?.containers ?? [])
    .filter((container) => container.service === service)
    .sort((a, b) => rank(a) - rank(b) || a.number - b.number);
}

function networks(input: SnapshotInput): StackSnapshot['networks'] {
  if (input.engine.engine === 'sandbox' || input.project === undefined) return [];
  return Object.values(input.project.networks).map((network) => {
    const found = input.observed?.networks.find((candidate) => candidate.name === network.name);
    const subnet = found?.subnet ?? network.ipam[0]?.subnet;
    return {
      name: network.name,
      ...(subnet === undefined ? {} : { subnet }),
      exists: found !== undefined || network.external,
    };
  });
}

function limits(service: Service): ServiceSnapshot['limits'] {
  const { cpus, memoryBytes } = service.resources;
  return { ...(cpus === undefined ? {} : { cpus }), ...(memoryBytes === undefined ? {} : { memoryBytes }) };
}
