import type { Cause } from '../../shared/stack/plan-view.ts';
import type { EngineKind } from '../../shared/stack/stack-snapshot.ts';
import type { Project, Service } from '../compose/project.ts';
import { cause, configChangedCause } from './causes.ts';
import { configHash } from './config-hash.ts';
import { imageReference } from './container-name.ts';
import type { ObservedContainer, ObservedState } from './observed-state.ts';

export type InstanceDecision =
  | { readonly kind: 'keep' }
  /** Running, but not yet what others wait for. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'start'; readonly cause: Cause }
  /** It must be stopped before it can be started again. */
  | { readonly kind: 'restart'; readonly cause: Cause }
  | { readonly kind: 'create'; readonly cause: Cause }
  | { readonly kind: 'recreate'; readonly cause: Cause };

export interface DecisionInput {
  readonly project: Project;
  readonly service: Service;
  readonly observed: ObservedState;
  readonly engine: EngineKind;
  readonly container: ObservedContainer | undefined;
  /** Set when the plan makes a new image first. */
  readonly imageCause: Cause | undefined;
  readonly waitsFor: 'running' | 'healthy' | 'completed';
  /** Keys of networks that are removed and made again. */
  readonly changedNetworks: ReadonlySet<string>;
}

/** What has to happen to the one instance of a service, in the order of Compose's own rules. */
export function decideInstance(input: DecisionInput): InstanceDecision {
  const { container, service } = input;
  if (container === undefined)
    return { kind: 'create', cause: cause('missing', `${service.name} does not exist yet`) };
  const reason = recreateCause(input, container);
  if (reason !== undefined) return { kind: 'recreate', cause: reason };
  return runDecision(input, container);
}

function recreateCause(input: DecisionInput, container: ObservedContainer): Cause | undefined {
  const { engine, observed, project, service } = input;
  if (container.configHash !== configHash(service, engine))
    return configChangedCause(service, container.labels, engine);
  if (container.state === 'dead') return cause('not_running', `${service.name} is dead`);
  if (engine === 'sandbox') return undefined;
  if (input.imageCause !== undefined) return input.imageCause;
  const image = observed.images[imageReference(project, service)];
  if (image !== undefined && image.id !== container.imageId)
    return cause('image_changed', `its image is newer than the container`);
  return networkCause(input, container);
}

function networkCause(input: DecisionInput, container: ObservedContainer): Cause | undefined {
  const { changedNetworks, project, service } = input;
  for (const key of Object.keys(service.networks)) {
    const name = project.networks[key]?.name ?? key;
    if (changedNetworks.has(key))
      return cause('network_changed', `network ${name} changed`, { network: name });
    if (container.state === 'running' && !container.networks.includes(name))
      return cause('network_changed', `it is not attached to network ${name}`, { network: name });
  }
  return undefined;
}

function runDecision(input: DecisionInput, container: ObservedContainer): InstanceDecision {
  const { service, waitsFor } = input;
  switch (container.state) {
    case 'running':
      if (container.health === 'unhealthy')
        return { kind: 'restart', cause: cause('unhealthy', `${service.name} is unhealthy`) };
      if (waitsFor === 'completed') return { kind: 'wait' };
      return container.health === 'starting' ? { kind: 'wait' } : { kind: 'keep' };
    case 'restarting':
      return { kind: 'wait' };
    case 'paused':
      return { kind: 'restart', cause: cause('not_running', `${service.name} is paused`) };
    case 'exited':
      // A one-shot that did its work has not stopped running, it is finished.
      if (waitsFor === 'completed' && container.exitCode === 0) return { kind: 'keep' };
      return { kind: 'start', cause: cause('not_running', `${service.name} is not running`) };
    default:
      return { kind: 'start', cause: cause('not_running', `${service.name} is not running`) };
  }
}
