import type { ServiceDefinition } from '../compose/definition.ts';
import type { Service } from '../compose/project.ts';

const NAMESPACES = ['network_mode', 'ipc', 'pid'] as const;
const SERVICE = 'service:';

/** Services whose namespaces or volumes this one shares: it cannot outlive their containers. */
export function sharedServices({
  network_mode,
  ipc,
  pid,
  volumes_from,
}: ServiceDefinition): readonly string[] {
  if (!(network_mode ?? ipc ?? pid ?? volumes_from)) return [];
  const names = [network_mode, ipc, pid].flatMap((mode) =>
    mode?.startsWith(SERVICE) ? [mode.slice(SERVICE.length)] : [],
  );
  const sources = (volumes_from ?? []).flatMap((entry) => {
    const [name = ''] = entry.split(':');
    return name === 'container' ? [] : [name];
  });
  return [...new Set([...names, ...sources])];
}

/**
 * The definition with `service:` references replaced by containers, which is what Compose hashes.
 *
 * A reference to a service without a container stays as it is written: no container has such a hash.
 * Source: `resolveServiceReferences` of docker/compose `pkg/compose/convergence.go`, which drops the mode of `volumes_from`.
 */
export function resolvedDefinition(
  { definition }: Service,
  containerIdOf: (service: string) => string | undefined,
): ServiceDefinition {
  const { volumes_from } = definition;
  const changes: Record<string, unknown> = {};
  for (const key of NAMESPACES) {
    const mode = definition[key];
    const id = mode?.startsWith(SERVICE) ? containerIdOf(mode.slice(SERVICE.length)) : undefined;
    if (id !== undefined) changes[key] = `container:${id}`;
  }
  if (volumes_from !== undefined)
    changes.volumes_from = volumes_from.map((entry) => {
      const [name = '', container] = entry.split(':');
      return name === 'container' ? (container ?? entry) : (containerIdOf(name) ?? entry);
    });
  return Object.keys(changes).length === 0 ? definition : { ...definition, ...changes };
}

/** Of several instances the one whose namespaces others share: the first by name, as Compose chooses. */
export function sharedInstance<T extends { readonly name: string }>(instances: readonly T[]): T | undefined {
  const settled = instances.filter(({ name }) => temporaryPrefix(name) === undefined);
  return [...(settled.length === 0 ? instances : settled)].sort((a, b) => (a.name < b.name ? -1 : 1))[0];
}

/** Of the name that a replacement has until the old container is gone, `<12 hex digits>_<name>`: the old one's id. */
export function temporaryPrefix(name: string): string | undefined {
  return /^([0-9a-f]{12})_/.exec(name)?.[1];
}
