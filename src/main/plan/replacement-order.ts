import type { Service } from '../compose/project.ts';
import type { ObservedContainer } from './observed-state.ts';
import type { WaitTarget } from './wait-target.ts';

const EXCLUSIVE_NETWORKS = /^(host|service:|container:)/;

/**
 * Whether the new container may run beside the old one until it answers.
 *
 * Never where one of them could not start. Where they would write to the same files or hold the same device, only if
 * the file asks for it or runs several instances anyway: two databases on one volume end badly.
 */
export function replacementOrder(
  service: Service,
  old: ObservedContainer,
  until: WaitTarget,
): 'start-first' | 'stop-first' {
  const wish = service.definition.deploy?.update_config?.order;
  if (wish === 'stop-first' || until === 'completed' || !canStartBeside(service)) return 'stop-first';
  if (wish === 'start-first' || service.replicas > 1) return 'start-first';
  return writesShared(service, old) ? 'stop-first' : 'start-first';
}

function canStartBeside({ definition, ports, replicas }: Service): boolean {
  if (EXCLUSIVE_NETWORKS.test(definition.network_mode ?? '') || definition.mac_address !== undefined)
    return false;
  const fixed = Object.values(definition.networks ?? {}).some(
    (attachment) =>
      attachment !== null &&
      (attachment.ipv4_address ?? attachment.ipv6_address ?? attachment.mac_address) !== undefined,
  );
  // A range needs room for one more.
  return (
    !fixed &&
    ports.every(({ published, publishedEnd = published }) => {
      return published === undefined || (publishedEnd ?? published) - published >= replicas;
    })
  );
}

function writesShared({ definition, volumes }: Service, old: ObservedContainer): boolean {
  const writable = volumes.some((mount) => mount.kind !== 'tmpfs' && !mount.readOnly);
  const readOnly = new Set(
    volumes.flatMap((mount) => (mount.kind === 'volume' && mount.readOnly ? [mount.target] : [])),
  );
  // Also those that only the image declares: the new container takes them over.
  const inherited = Object.keys(old.volumes ?? {}).some((target) => !readOnly.has(target));
  const { deploy, devices = [], gpus = [], volumes_from = [] } = definition;
  const reserved = deploy?.resources?.reservations?.devices ?? [];
  return writable || inherited || [...devices, ...gpus, ...reserved, ...volumes_from].length > 0;
}
