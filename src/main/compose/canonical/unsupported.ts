import type { ServiceDefinition } from '../definition.ts';
import type { LocatedMap } from '../located.ts';
import type { Unsupported } from '../project.ts';
import type { DecodedProject } from './decode-project.ts';
import { placeOf } from './places.ts';

/** Why a key of a service is in the way; keys that only tune Swarm or the file watcher are not, as in Compose. */
export const SERVICE_REASONS = {
  provider: 'the service is run by a program of its own, which Skilldeck does not start',
  credential_spec: 'it is for containers of Windows',
  isolation: 'it is for containers of Windows',
  models: 'the Docker Model Runner is not driven by Skilldeck',
  use_api_socket: "the engine's socket and logins are not handed to containers",
} as const satisfies Partial<Record<keyof ServiceDefinition, string>>;

/** What active services ask for and no engine of ours does, with the places. */
export function findUnsupported(
  root: LocatedMap,
  project: DecodedProject,
  active: Readonly<Record<string, ServiceDefinition>>,
): readonly Unsupported[] {
  const found: Unsupported[] = [];
  for (const [name, service] of Object.entries(active)) {
    const add = (keys: readonly (string | number)[], reason: string) => {
      const at = placeOf(root, 'services', name, ...keys);
      found.push({ at, key: keys.filter((key) => typeof key === 'string').join('.'), reason });
    };
    for (const [key, reason] of Object.entries(SERVICE_REASONS))
      if (Object.hasOwn(service, key)) add([key], reason);
    service.volumes?.forEach(({ type }, index) => {
      if (type === 'npipe') add(['volumes', index], 'named pipes are for containers of Windows');
      if (type === 'cluster') add(['volumes', index], 'cluster volumes are for Swarm');
    });
    for (const kind of ['configs', 'secrets'] as const)
      service[kind]?.forEach(({ source = '' }, index) => {
        const { external, driver, template_driver: template } = project[kind][source] ?? {};
        if (external === true) add([kind, index], `external ${kind} are kept by Swarm`);
        else if (driver !== undefined || template !== undefined) add([kind, index], 'drivers are for Swarm');
      });
  }
  return found;
}
