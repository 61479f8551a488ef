import type { Network, Project } from '../compose/project.ts';
import { cause } from './causes.ts';
import { networkHash } from './config-hash.ts';
import type { ObservedState } from './observed-state.ts';
import type { PlanBuilder } from './plan-builder.ts';

export interface NetworkPlan {
  /** Keys of networks whose definition changed: removed and made again. */
  readonly changed: ReadonlySet<string>;
  readonly createStep: ReadonlyMap<string, string>;
}

/** Networks that a service uses. One made elsewhere (no hash on it) is taken as it is. */
export function planNetworks(builder: PlanBuilder, project: Project, observed: ObservedState): NetworkPlan {
  const changed = new Set<string>();
  const createStep = new Map<string, string>();
  for (const network of usedNetworks(project)) {
    const found = observed.networks.find((candidate) => candidate.name === network.name);
    if (found !== undefined && (found.configHash === undefined || found.configHash === networkHash(network)))
      continue;
    if (found === undefined) {
      const why = cause('missing', `network ${network.name} does not exist yet`, { network: network.name });
      createStep.set(network.key, builder.add({ kind: 'create-network', network: network.key }, why));
      continue;
    }
    changed.add(network.key);
    const why = cause('network_changed', `network ${network.name} changed`, { network: network.name });
    const attached = observed.containers.filter((container) => container.networks.includes(network.name));
    const gone = attached.map((container) => {
      const target = { service: container.service, containerId: container.id };
      const stop = builder.add({ kind: 'stop-container', ...target }, why);
      return builder.add({ kind: 'remove-container', ...target }, why, [stop]);
    });
    const removed = builder.add(
      { kind: 'remove-network', network: network.key, networkId: found.id },
      why,
      gone,
    );
    createStep.set(
      network.key,
      builder.add({ kind: 'create-network', network: network.key }, why, [removed]),
    );
  }
  return { changed, createStep };
}

/** Only missing volumes: one whose definition changed keeps its data, which making it anew would destroy. */
export function planVolumes(
  builder: PlanBuilder,
  project: Project,
  observed: ObservedState,
): ReadonlyMap<string, string> {
  const used = new Set(
    Object.values(project.services).flatMap((service) =>
      service.volumes.flatMap((mount) => (mount.kind === 'volume' ? (mount.source ?? []) : [])),
    ),
  );
  const steps = new Map<string, string>();
  for (const key of [...used].sort()) {
    const volume = project.volumes[key];
    if (volume === undefined || volume.external) continue;
    if (observed.volumes.some((candidate) => candidate.name === volume.name)) continue;
    const why = cause('missing', `volume ${volume.name} does not exist yet`, { volume: volume.name });
    steps.set(key, builder.add({ kind: 'create-volume', volume: key }, why));
  }
  return steps;
}

function usedNetworks(project: Project): readonly Network[] {
  const used = new Set(Object.values(project.services).flatMap((service) => Object.keys(service.networks)));
  return [...used]
    .sort()
    .flatMap((key) => project.networks[key] ?? [])
    .filter((network) => !network.external);
}
