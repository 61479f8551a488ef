import type { EngineKind } from '../../shared/stack/stack-snapshot.ts';
import type { Project, Service } from '../compose/project.ts';
import { configHash, networkHash, volumeHash } from './config-hash.ts';
import { configLabel } from './config-label.ts';
import { containerName, imageReference } from './container-name.ts';
import { containerLabels, LABEL } from './labels.ts';
import type { ObservedContainer, ObservedState } from './observed-state.ts';
import type { Operation } from './operation.ts';
import { ownState } from './own-state.ts';
import { resolvedDefinition, sharedInstance, temporaryPrefix } from './resolved-definition.ts';

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
    case 'create-volume':
      return withVolume(state, operation.volume, context);
    case 'remove-volume': {
      const name = context.project.volumes[operation.volume]?.name ?? operation.volume;
      return { ...state, volumes: state.volumes.filter((volume) => volume.name !== name) };
    }
    case 'pull-image':
    case 'build-image':
      return withImage(state, operation.service, context);
    case 'remove-image': {
      const { [operation.image]: _removed, ...images } = state.images;
      return { ...state, images };
    }
    case 'create-container':
      return withContainer(state, operation, context);
    case 'recreate-container':
      return withContainer(without(state, operation.containerId), operation, context);
    case 'replace-container': {
      const replaced = withContainer(without(state, operation.containerId), operation, context);
      return change(replaced, instance(replaced, operation, context), reached(operation.until));
    }
    case 'remove-container':
      return without(state, operation.containerId);
    case 'kill-container':
    case 'stop-container':
      return change(state, operation.containerId, { state: 'exited', health: 'none', exitCode: 0 });
    case 'pause-container':
      return change(state, operation.containerId, { state: 'paused' });
    case 'unpause-container':
      return change(state, operation.containerId, { state: 'running' });
    case 'start-container':
      return change(state, instance(state, operation, context), { state: 'running', health: 'starting' });
    case 'wait-container':
      return change(state, instance(state, operation, context), reached(operation.until));
  }
}

interface InstanceName {
  readonly service: string;
  readonly number: number;
}

function reached(until: 'running' | 'healthy' | 'completed'): Partial<ObservedContainer> {
  if (until === 'completed') return { state: 'exited', exitCode: 0, health: 'none' };
  return { state: 'running', health: until === 'healthy' ? 'healthy' : 'none' };
}

/** One under its final name wins over one that an interrupted replacement has left. */
function instance(
  state: ObservedState,
  { number, service }: InstanceName,
  { project }: SimulationContext,
): string | undefined {
  const own = ownState(state, { projectName: project.name }).byService.get(service) ?? [];
  const found = own.filter((container) => container.number === number);
  return (found.find(({ name }) => temporaryPrefix(name) === undefined) ?? found[0])?.id;
}

function change(state: ObservedState, id: string | undefined, to: Partial<ObservedContainer>): ObservedState {
  const containers = state.containers.map((container) =>
    container.id === id ? { ...container, ...to } : container,
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

function withVolume(state: ObservedState, key: string, { project }: SimulationContext): ObservedState {
  const volume = project.volumes[key];
  const made =
    volume === undefined ? { name: key, key } : { name: volume.name, key, configHash: volumeHash(volume) };
  return { ...state, volumes: [...state.volumes, made] };
}

function withImage(state: ObservedState, name: string, context: SimulationContext): ObservedState {
  const service = context.project.services[name];
  if (service === undefined) return state;
  const hash = service.build === undefined ? undefined : context.buildHashes[name];
  const image = { id: context.nextId(), ...(hash === undefined ? {} : { buildHash: hash }) };
  return { ...state, images: { ...state.images, [imageReference(context.project, service)]: image } };
}

function withContainer(state: ObservedState, name: InstanceName, context: SimulationContext): ObservedState {
  const service = context.project.services[name.service];
  if (service === undefined) return state;
  return {
    ...state,
    containers: [...state.containers, simulatedContainer(state, service, name.number, context)],
  };
}

export function simulatedContainer(
  state: ObservedState,
  service: Service,
  number: number,
  { engine, nextId, project }: SimulationContext,
): ObservedContainer {
  const reference = imageReference(project, service);
  const { byService } = ownState(state, { projectName: project.name });
  const definition = resolvedDefinition(service, (name) => sharedInstance(byService.get(name) ?? [])?.id);
  const imageId = state.images[reference]?.id ?? '';
  const networks = Object.keys(service.networks).map((key) => project.networks[key]?.name ?? key);
  const ids = state.networks.map(({ id, name }): [string, string] => [name, id]);
  return {
    id: nextId(),
    name: containerName(project, service, number),
    service: service.name,
    number,
    configHash: configHash(service, engine, definition),
    imageId,
    imageRef: reference,
    state: 'created',
    health: 'none',
    healthOutput: '',
    oomKilled: false,
    ports: service.ports.flatMap(({ hostIp, protocol, published, target }) =>
      published === undefined ? [] : [{ hostIp, hostPort: published, containerPort: target, protocol }],
    ),
    networks,
    networkIds: Object.fromEntries(ids.filter(([name]) => networks.includes(name))),
    volumes: Object.fromEntries(
      service.volumes.flatMap((mount) =>
        mount.kind === 'volume' && mount.source !== undefined
          ? [[mount.target, project.volumes[mount.source]?.name ?? mount.source]]
          : [],
      ),
    ),
    labels: {
      ...containerLabels(project, service, number, imageId, definition),
      [LABEL.config]: configLabel(service, engine),
    },
  };
}
