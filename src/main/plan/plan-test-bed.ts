import type { Project, Service } from '../compose/project.ts';
import { containerName } from './container-name.ts';
import type { ObservedContainer, ObservedState } from './observed-state.ts';
import type { Operation, Plan, PlanStep } from './operation.ts';
import { isAlive } from './own-state.ts';
import { type PlanUpOptions, planUp } from './plan-up.ts';
import { type SimulationContext, simulatedContainer, simulateOperation } from './simulate-operation.ts';

export const NOTHING: ObservedState = { containers: [], networks: [], volumes: [], images: {} };

/** A service as the loader gives it: the canonical definition, and the parts that are interpreted. */
export function service(name: string, change: Partial<Service> = {}): Service {
  const { definition, ...rest } = change;
  const base: Service = {
    name,
    image: `${name}:1`,
    definition: { command: null, entrypoint: null },
    replicas: 1,
    environment: {},
    ports: [],
    volumes: [],
    networks: { default: { aliases: [] } },
    dependsOn: {},
    resources: {},
    restart: { name: 'no' },
    labels: {},
    profiles: [],
    skilldeck: { role: 'other' },
    ...rest,
  };
  return {
    ...base,
    definition: {
      command: null,
      entrypoint: null,
      ...(base.image === undefined ? {} : { image: base.image }),
      environment: base.environment,
      ports: base.ports.map(({ published, target }) => ({
        target,
        ...(published === undefined ? {} : { published: String(published) }),
      })),
      networks: Object.fromEntries(Object.keys(base.networks).map((key) => [key, null])),
      volumes: base.volumes.map((mount) => ({
        type: mount.kind,
        ...('source' in mount && mount.source !== undefined ? { source: mount.source } : {}),
        target: mount.target,
      })),
      ...definition,
    },
  };
}

export function project(...services: Service[]): Project {
  return {
    name: 'p',
    workingDir: '/w',
    configFiles: ['/w/compose.yaml'],
    services: Object.fromEntries(services.map((one) => [one.name, one])),
    networks: { default: network('default', {}), back: network('back', {}) },
    volumes: {
      v: { key: 'v', name: 'p_v', definition: { name: 'p_v' }, external: false, driverOpts: {}, labels: {} },
    },
  };
}

export function network(
  key: string,
  driverOpts: Readonly<Record<string, string>>,
): Project['networks'][string] {
  const name = `p_${key}`;
  const definition = { name, driver_opts: driverOpts, ipam: {} };
  return { key, name, definition, external: false, internal: false, ipam: [], labels: {} };
}

export const needs = (
  name: string,
  condition: 'service_started' | 'service_healthy' | 'service_completed_successfully',
) => ({ [name]: { condition, restart: false, required: true } });

export const healthcheck = { disabled: false, test: ['CMD', 'true'] };
export const onVolume = [{ kind: 'volume', source: 'v', target: '/d', readOnly: false }] as const;
export const port = (published: number) => [
  { hostIp: '127.0.0.1', published, target: 80, protocol: 'tcp' as const },
];

let ids = 0;
function nextId(): string {
  ids += 1;
  return ids.toString(16).padStart(12, '0');
}

export function simulation(on: Project, change: Partial<SimulationContext> = {}): SimulationContext {
  return { project: on, engine: 'docker', buildHashes: {}, nextId, ...change };
}

/** The state after the first steps of a plan, in its own order. */
export function apply(
  plan: Plan,
  state: ObservedState,
  on: Project,
  steps = plan.steps.length,
): ObservedState {
  return plan.steps
    .slice(0, steps)
    .reduce((now, { operation }) => simulateOperation(now, operation, simulation(on)), state);
}

export const up = (on: Project, state: ObservedState, options: Partial<PlanUpOptions> = {}) =>
  planUp(on, state, { engine: 'docker', ...options });

/** All that runs after a start. */
export const started = (on: Project, options: Partial<PlanUpOptions> = {}) =>
  apply(up(on, NOTHING, options), NOTHING, scaledTo(on, options.scale ?? {}));

export function scaledTo(on: Project, scale: Readonly<Record<string, number>>): Project {
  const services = Object.values(on.services).map((one) => ({
    ...one,
    replicas: scale[one.name] ?? one.replicas,
  }));
  return { ...on, services: Object.fromEntries(services.map((one) => [one.name, one])) };
}

export function changed(state: ObservedState, name: string, to: Partial<ObservedContainer>): ObservedState {
  const containers = state.containers.map((one) => (one.service === name ? { ...one, ...to } : one));
  return { ...state, containers };
}

export const kinds = (plan: Plan) =>
  plan.steps.map(
    ({ operation }) => `${operation.kind}${'service' in operation ? ` ${operation.service}` : ''}`,
  );

/** The stages at which a replacement can be cut off, as the engine would report them. */
export function halfReplaced(
  state: ObservedState,
  operation: Operation,
  stage: number,
  on: Project,
): ObservedState {
  if (operation.kind !== 'replace-container' && operation.kind !== 'recreate-container') return state;
  const owner = on.services[operation.service];
  const old = state.containers.find(({ id }) => id === operation.containerId);
  if (owner === undefined || old === undefined) return state;
  const made: ObservedContainer = {
    ...simulatedContainer(state, owner, operation.number, simulation(on)),
    name: `${old.id.slice(0, 12)}_${containerName(on, owner, operation.number)}`,
  };
  const others = state.containers.filter(({ id }) => id !== old.id);
  const running: ObservedContainer = { ...made, state: 'running' };
  const stopped: ObservedContainer = { ...old, state: 'exited', exitCode: 143, health: 'none' };
  const both = operation.kind === 'replace-container' && operation.order === 'start-first';
  const stages: readonly (readonly ObservedContainer[])[] = [
    [old, made],
    both ? [old, running] : [stopped, made],
    [stopped, operation.kind === 'replace-container' ? running : made],
    [operation.kind === 'replace-container' ? running : made],
  ];
  return { ...state, containers: [...others, ...(stages[stage % stages.length] ?? [])] };
}

/** Runs the steps in any order that the graph allows: `pick` says which of the ready ones is next. */
export function applyInAnyOrder(
  plan: Plan,
  state: ObservedState,
  on: Project,
  pick: (ready: number) => number,
): ObservedState {
  const waiting = new Map(plan.steps.map((step) => [step.id, step]));
  let now = state;
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter(
      ({ after = [], dependsOn }) => ![...dependsOn, ...after].some((id) => waiting.has(id)),
    );
    const step = ready[pick(ready.length) % ready.length];
    if (step === undefined) throw new Error(`a circle among ${[...waiting.keys()].join(', ')}`);
    assertPossible(now, step, on);
    waiting.delete(step.id);
    now = simulateOperation(now, step.operation, simulation(on));
  }
  return now;
}

/** What a real engine would refuse. */
export function assertPossible(state: ObservedState, { id, operation }: PlanStep, on: Project): void {
  const refuse = (why: string): never => {
    throw new Error(`${id}: ${why}`);
  };
  const containerOf = (containerId: string) =>
    state.containers.find((container) => container.id === containerId) ?? refuse('no such container');
  switch (operation.kind) {
    case 'remove-network': {
      const name =
        state.networks.find((one) => one.id === operation.networkId)?.name ?? refuse('no such network');
      const user = state.containers.find((one) => isAlive(one) && one.networks.includes(name));
      if (user !== undefined) refuse(`in use by ${user.name}`);
      return;
    }
    case 'remove-volume': {
      const name = on.volumes[operation.volume]?.name ?? operation.volume;
      if (state.containers.some(({ volumes = {} }) => Object.values(volumes).includes(name)))
        refuse('in use');
      return;
    }
    case 'create-container': {
      const owner = on.services[operation.service] ?? refuse('no such service');
      const name = containerName(on, owner, operation.number);
      if (state.containers.some((one) => one.name === name)) refuse('the name is taken');
      requireResources(state, owner, on, refuse);
      return;
    }
    case 'start-container': {
      const found = state.containers.find(
        (one) => one.service === operation.service && one.number === operation.number,
      );
      requirePorts(state, found ?? refuse('no such container'), refuse);
      return;
    }
    case 'recreate-container':
    case 'replace-container': {
      const old = containerOf(operation.containerId);
      const owner = on.services[operation.service] ?? refuse('no such service');
      requireResources(state, owner, on, refuse);
      if (operation.kind === 'recreate-container') return;
      const made = simulatedContainer(state, owner, operation.number, simulation(on));
      const beside =
        operation.order === 'start-first' ? state.containers : state.containers.filter((one) => one !== old);
      requirePorts({ ...state, containers: beside }, made, refuse);
      return;
    }
    case 'stop-container':
    case 'remove-container':
      containerOf(operation.containerId);
      return;
    default:
  }
}

function requireResources(
  state: ObservedState,
  owner: Service,
  on: Project,
  refuse: (why: string) => never,
): void {
  for (const key of Object.keys(owner.networks))
    if (!state.networks.some(({ name }) => name === on.networks[key]?.name)) refuse(`no network ${key}`);
  for (const mount of owner.volumes)
    if (
      mount.kind === 'volume' &&
      mount.source !== undefined &&
      !state.volumes.some(({ key }) => key === mount.source)
    )
      refuse(`no volume ${mount.source}`);
  if (state.images[owner.image ?? `p-${owner.name}`] === undefined) refuse('no image');
}

function requirePorts(
  state: ObservedState,
  container: ObservedContainer,
  refuse: (why: string) => never,
): void {
  for (const { hostPort } of container.ports) {
    const holder = state.containers.find(
      (one) =>
        one.id !== container.id && isAlive(one) && one.ports.some((other) => other.hostPort === hostPort),
    );
    if (holder !== undefined) refuse(`port ${hostPort} is taken by ${holder.name}`);
  }
}
