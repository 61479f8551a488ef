import { type Phrase, phrase } from '../../../shared/errors/phrases/phrase.ts';
import type { ServiceDefinition } from '../definition.ts';
import type { LocatedMap } from '../located.ts';
import type { Unsupported } from '../project.ts';
import type { DecodedProject } from './decode-project.ts';
import { placeOf } from './places.ts';

/** Why a key of a service is in the way; keys that only tune Swarm or the file watcher are not, as in Compose. */
export const SERVICE_REASONS = {
  provider: phrase('unsupported_provider'),
  credential_spec: phrase('unsupported_windows'),
  isolation: phrase('unsupported_windows'),
  models: phrase('unsupported_models'),
  use_api_socket: phrase('unsupported_api_socket'),
} as const satisfies Partial<Record<keyof ServiceDefinition, Phrase>>;

/** What active services ask for and no engine of ours does, with the places. */
export function findUnsupported(
  root: LocatedMap,
  project: DecodedProject,
  active: Readonly<Record<string, ServiceDefinition>>,
): readonly Unsupported[] {
  const found: Unsupported[] = [];
  for (const [name, service] of Object.entries(active)) {
    const add = (keys: readonly (string | number)[], reason: Phrase) => {
      const at = placeOf(root, 'services', name, ...keys);
      found.push({ at, key: keys.filter((key) => typeof key === 'string').join('.'), reason });
    };
    for (const [key, reason] of Object.entries(SERVICE_REASONS))
      if (Object.hasOwn(service, key)) add([key], reason);
    service.volumes?.forEach(({ type }, index) => {
      if (type === 'npipe') add(['volumes', index], phrase('unsupported_npipe'));
      if (type === 'cluster') add(['volumes', index], phrase('unsupported_cluster'));
    });
    for (const kind of ['configs', 'secrets'] as const)
      service[kind]?.forEach(({ source = '' }, index) => {
        const { external, driver, template_driver: template } = project[kind][source] ?? {};
        if (external === true) add([kind, index], phrase('unsupported_external', { kind }));
        else if (driver !== undefined || template !== undefined)
          add([kind, index], phrase('unsupported_drivers'));
      });
  }
  return found;
}
