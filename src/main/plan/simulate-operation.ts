import type { EngineKind } from '../../shared/stack/stack-snapshot.ts';
import type { Project, Service } from '../compose/project.ts';
import { configHash, networkHash } from './config-hash.ts';
import { configLabel } from './config-label.ts';
import { containerName, imageReference } from './container-name.ts';
import { dependsOnLabel, LABEL } from './labels.ts';
import type { ObservedContainer, ObservedState } from './observed-state.ts';
import type { Operation } from './operation.ts';

export interface SimulationContext {
  readonly project: Project;
  readonly engine: EngineKind;
  readonly buildHashes: Readonly<Record<string, string>>;
  /** A new id each time. */
  readonly nextId: () => string;
}

/** What an obedient engine reports after an operation: the model that plans are tested against. */
export function simulateOperation(
  state: ObservedState,
  operation: Operation,
  context: SimulationContext,
): ObservedState {
  switch (operation.kind) {
    case 'create-network':
      return withNetwork(state, operation.network, context);
    case 'remove-network':
      return { ...state, networks: state.networks.filter((network) => network.id !== operation.networkId) };
    case 'create-volume': {
      const name = context.project.volumes[operation.volume]?.name ?? operation.volume;
      return { ...state, volumes: [...state.volumes, { name, key: operation.volume }] };
    }
    case 'remove-volume':
      return { ...state, volumes: state.volumes.filter((volume) => volume.key !== operation.volume) };
    case 'pull-image':
    case 'build-image':
      return withImage(state, operation.service, context);
    case 'create-container':
      return withContainer(state, operation.service, context);
    case 'recreate-container':
      return withContainer(without(state, operation.containerId), operation.service, context);
    case 'remove-container':
      return without(state, operation.containerId);
    case 'replace-container': {
      const replaced = withContainer(without(state, operation.containerId), operation.service, context);
      return change(replaced, byService(operation.service), reached(operation.until));
    }
    case 'pause-container':
      return change(state, (container) => container.id === operation.containerId, { state: 'paused' });
    case 'unpause-container':
      return change(state, (container) => container.id === operation.containerId, { state: 'running' });
    case 'remove-image': {
      const { [operation.image]: _removed, ...images } = state.images;
      return { ...state, images };
    }
    case 'kill-container':
    case 'stop-container':
      return change(state, (container) => container.id === operation.containerId, {
        state: 'exited',
        health: 'none',
        exitCode: 0,
      });
    case 'start-container':
      return change(state, byService(operation.service), { state: 'running', health: 'starting' });
    case 'wait-container':
      return change(state, byService(operation.service), reached(operation.until));
  }
}

function reached(until: 'running' | 'healthy' | 'completed'): Partial<ObservedContainer> {
  if (until === 'completed') return { state: 'exited', exitCode: 0, health: 'none' };
  return { state: 'running', health: until === 'healthy' ? 'healthy' : 'none' };
}

function byService(name: string): (container: ObservedContainer) => boolean {
  return (container) => container.service === name;
}

function change(
  state: ObservedState,
  matches: (container: ObservedContainer) => boolean,
  to: Partial<ObservedContainer>,
): ObservedState {
  const containers = state.containers.map((container) =>
    matches(container) ? { ...container, ...to } : container,
  );
  return { ...state, containers };
}

function without(state: ObservedState, id: string): ObservedState {
  return { ...state, containers: state.containers.filter((container) => container.id !== id) };
}

function withNetwork(
  state: ObservedState,
  key: string,
  { nextId, project }: SimulationContext,
): ObservedState {
  const network = project.networks[key];
  if (network === undefined) return state;
  const made = { id: nextId(), name: network.name, key, configHash: networkHash(network) };
  return { ...state, networks: [...state.networks.filter((other) => other.name !== network.name), made] };
}

function withImage(state: ObservedState, name: string, context: SimulationContext): ObservedState {
  const service = context.project.services[name];
  if (service === undefined) return state;
  const hash = service.build === undefined ? undefined : context.buildHashes[name];
  const image = { id: context.nextId(), ...(hash === undefined ? {} : { buildHash: hash }) };
  return { ...state, images: { ...state.images, [imageReference(context.project, service)]: image } };
}

function withContainer(state: ObservedState, name: string, context: SimulationContext): ObservedState {
  const service = context.project.services[name];
  if (service === undefined) return state;
  return { ...state, containers: [...state.containers, newContainer(state, service, context)] };
}

function newContainer(state: ObservedState, service: Service, context: SimulationContext): ObservedContainer {
  const { engine, nextId, project } = context;
  const reference = imageReference(project, service);
  return {
    id: nextId(),
    name: containerName(project, service, 1),
    service: service.name,
    number: 1,
    configHash: configHash(service, engine),
    imageId: state.images[reference]?.id ?? '',
    imageRef: reference,
    state: 'created',
    health: 'none',
    healthOutput: '',
    oomKilled: false,
    ports: service.ports.flatMap((port) =>
      port.published === undefined
        ? []
        : [
            {
              hostIp: port.hostIp,
              hostPort: port.published,
              containerPort: port.target,
              protocol: port.protocol,
            },
          ],
    ),
    networks: Object.keys(service.networks).map((key) => project.networks[key]?.name ?? key),
    labels: { [LABEL.config]: configLabel(service, engine), [LABEL.dependsOn]: dependsOnLabel(service) },
  };
}
