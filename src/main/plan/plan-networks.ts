import type { Cause } from '../../shared/stack/plan-view.ts';
import type { Network, Project, Service } from '../compose/project.ts';
import { cause } from './causes.ts';
import { networkHash } from './config-hash.ts';
import type { ObservedNetwork } from './observed-state.ts';
import type { OwnState } from './own-state.ts';

export interface NetworkPlan {
  /** By key: those that do not exist. */
  readonly missing: ReadonlyMap<string, Cause>;
  /** By key: those that are removed and made again, because their definition changed. */
  readonly changed: ReadonlyMap<string, { readonly cause: Cause; readonly found: ObservedNetwork }>;
}

/** Networks that these services use. One made elsewhere (no hash on it) is taken as it is. */
export function planNetworks(
  project: Project,
  services: readonly Service[],
  observed: OwnState,
): NetworkPlan {
  const missing = new Map<string, Cause>();
  const changed = new Map<string, { cause: Cause; found: ObservedNetwork }>();
  const found = new Map(observed.networks.map((network) => [network.name, network]));
  for (const network of usedNetworks(project, services)) {
    const { key, name } = network;
    const there = found.get(name);
    if (there === undefined) {
      // Somebody else's of that name: what runs in it proves that it exists.
      if (observed.containers.some(({ networks, state }) => state === 'running' && networks.includes(name)))
        continue;
      missing.set(key, cause('missing', `network ${name} does not exist yet`, { network: name }));
    } else if (there.configHash !== undefined && there.configHash !== networkHash(network)) {
      const text = `network ${name} changed, and can only be made anew when nothing is attached to it`;
      changed.set(key, { cause: cause('network_changed', text, { network: name }), found: there });
    }
  }
  return { missing, changed };
}

function usedNetworks(project: Project, services: readonly Service[]): readonly Network[] {
  const used = new Set(services.flatMap((service) => Object.keys(service.networks)));
  return [...used]
    .sort()
    .flatMap((key) => project.networks[key] ?? [])
    .filter((network) => !network.external);
}
