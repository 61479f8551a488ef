import type { Cause } from '../../shared/stack/plan-view.ts';
import type { EngineKind } from '../../shared/stack/stack-snapshot.ts';
import type { Project, Service } from '../compose/project.ts';
import { cause, configChangedCause } from './causes.ts';
import { configHash } from './config-hash.ts';
import { imageReference } from './container-name.ts';
import { LABEL } from './labels.ts';
import type { ObservedContainer, ObservedNetwork } from './observed-state.ts';
import type { OwnState } from './own-state.ts';
import type { ImageStep } from './plan-images.ts';
import type { NetworkPlan } from './plan-networks.ts';
import { resolvedDefinition, sharedServices, temporaryPrefix } from './resolved-definition.ts';
import type { WaitTarget } from './wait-target.ts';

export type InstanceDecision =
  | { readonly kind: 'keep' }
  /** Running, but not yet what others wait for. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'start'; readonly cause: Cause }
  | { readonly kind: 'unpause'; readonly cause: Cause }
  /** It must be stopped before it can be started again. */
  | { readonly kind: 'restart'; readonly cause: Cause }
  /** A new container takes its place. */
  | { readonly kind: 'renew'; readonly cause: Cause };

export interface DecisionInput {
  readonly project: Project;
  readonly service: Service;
  readonly observed: OwnState;
  readonly engine: EngineKind;
  readonly until: WaitTarget;
  readonly networks: NetworkPlan;
  readonly networksByName: ReadonlyMap<string, ObservedNetwork>;
  /** Set when the plan fetches or makes its image first. */
  readonly imageStep: ImageStep | undefined;
  readonly recreate: 'always' | 'diverged' | 'never';
  /** The container of another service that others share; undefined when it is new in this plan. */
  readonly sharedContainer: (service: string) => string | undefined;
}

/** What has to happen to one instance. */
export function decideInstance(input: DecisionInput, container: ObservedContainer): InstanceDecision {
  const reason = recreateCause(input, container);
  return reason === undefined ? runDecision(input, container) : { kind: 'renew', cause: reason };
}

/** Why the container cannot stay, in the order of Compose's own rules (`mustRecreate` of its convergence.go). */
export function recreateCause(input: DecisionInput, container: ObservedContainer): Cause | undefined {
  const { engine, imageStep, recreate, service } = input;
  if (recreate === 'never') return undefined;
  if (recreate === 'always') return cause('refresh', 'it was asked to be made anew');
  const diverged = engine === 'sandbox' ? sandboxCause(service, container) : configCause(input, container);
  if (diverged !== undefined) return diverged;
  if (engine === 'docker') {
    if (imageStep?.renews) return imageStep.cause;
    const other =
      imageCause(input, container) ?? networkCause(input, container) ?? volumeCause(input, container);
    if (other !== undefined) return other;
  }
  if (container.state === 'dead') return cause('not_running', `${service.name} is dead`);
  if (temporaryPrefix(container.name) === undefined) return undefined;
  return cause('obsolete', 'it is left over from an update that was interrupted');
}

function sandboxCause(service: Service, container: ObservedContainer): Cause | undefined {
  if (container.configHash === configHash(service, 'sandbox')) return undefined;
  return configChangedCause(service, container.labels, 'sandbox');
}

function configCause(input: DecisionInput, container: ObservedContainer): Cause | undefined {
  const { service, sharedContainer } = input;
  const shared = sharedServices(service.definition);
  const moved = shared.find((name) => sharedContainer(name) === undefined);
  if (moved !== undefined) return sharedCause(moved);
  const definition = shared.length === 0 ? service.definition : resolvedDefinition(service, sharedContainer);
  if (container.configHash !== configHash(service, 'docker', definition)) {
    const changed = configChangedCause(service, container.labels, 'docker');
    const [first] = shared;
    return first !== undefined && changed.changes === undefined ? sharedCause(first) : changed;
  }
  // One that Compose made knows nothing of our files, and is taken as it is.
  if (service.mountsHash === undefined || container.labels[LABEL.config] === undefined) return undefined;
  if (container.labels[LABEL.mountsHash] === service.mountsHash) return undefined;
  return cause('mounts_changed', 'files it mounts have changed');
}

function sharedCause(service: string): Cause {
  return cause('shared_container', `${service}, whose container it shares, has another one`, {
    dependency: service,
  });
}

function imageCause(
  { observed, project, service }: DecisionInput,
  container: ObservedContainer,
): Cause | undefined {
  const reference = imageReference(project, service);
  const id = observed.images[reference]?.id;
  if (id === undefined || id === container.imageId || id === container.labels[LABEL.image]) return undefined;
  return cause('image_changed', 'its image is newer than the container', { image: reference });
}

function networkCause(input: DecisionInput, container: ObservedContainer): Cause | undefined {
  const { networks, networksByName, project, service } = input;
  for (const { cause: changed, found } of networks.changed.values())
    if (container.networks.includes(found.name)) return changed;
  for (const key of Object.keys(service.networks)) {
    const name = project.networks[key]?.name ?? key;
    const changed = networks.changed.get(key);
    if (changed !== undefined) return changed.cause;
    const id = container.networkIds?.[name];
    const there = networksByName.get(name);
    const isGone = networks.missing.has(key) && container.networks.includes(name);
    if (isGone || (id !== undefined && id !== '' && there !== undefined && there.id !== id))
      return cause('network_changed', `network ${name} was made again without it`, { network: name });
    if (container.state === 'running' && !container.networks.includes(name))
      return cause('network_changed', `it is not attached to network ${name}`, { network: name });
  }
  return undefined;
}

function volumeCause({ project, service }: DecisionInput, container: ObservedContainer): Cause | undefined {
  if (container.volumes === undefined) return undefined;
  const mounted = new Set(Object.values(container.volumes));
  for (const mount of service.volumes) {
    if (mount.kind !== 'volume' || mount.source === undefined) continue;
    const name = project.volumes[mount.source]?.name ?? mount.source;
    if (!mounted.has(name)) return cause('volume_changed', `volume ${name} is not mounted`, { volume: name });
  }
  return undefined;
}

/**
 * What the container needs to run. A one-shot that did its work has not stopped running, it is finished: unlike
 * Compose, which runs it again at every `up`, we leave it until something about it changes.
 */
function runDecision(
  { imageStep, service, until }: DecisionInput,
  container: ObservedContainer,
): InstanceDecision {
  switch (container.state) {
    case 'running':
      if (container.health === 'unhealthy')
        return { kind: 'restart', cause: cause('unhealthy', `${service.name} is unhealthy`) };
      if (until === 'completed') return { kind: 'wait' };
      return container.health === 'starting' ? { kind: 'wait' } : { kind: 'keep' };
    case 'restarting':
      return { kind: 'wait' };
    case 'paused':
      return { kind: 'unpause', cause: cause('not_running', `${service.name} is paused`) };
    default: {
      if (until === 'completed' && container.state === 'exited' && container.exitCode === 0)
        return { kind: 'keep' };
      // Nothing is lost by making it of the image that is being fetched.
      if (imageStep !== undefined) return { kind: 'renew', cause: imageStep.cause };
      return { kind: 'start', cause: cause('not_running', `${service.name} is not running`) };
    }
  }
}
