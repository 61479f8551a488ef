import { phrase, verbatim } from '../../../shared/errors/phrases/phrase.ts';
import type { ServiceDefinition } from '../definition.ts';
import { invalid, type LocatedMap, type Place } from '../located.ts';
import { orderByDependency } from '../service-order.ts';
import type { DecodedProject } from './decode-project.ts';
import { placeOf } from './places.ts';

/**
 * What services name must be there. Only active services are looked at, as in Compose.
 *
 * @throws AppError `compose.invalid` or `compose.dependency_cycle`.
 */
export function checkReferences(
  root: LocatedMap,
  project: DecodedProject,
  active: Readonly<Record<string, ServiceDefinition>>,
): void {
  const graph: [string, readonly string[]][] = [];
  for (const [name, service] of Object.entries(active)) {
    const at = (...keys: (string | number)[]) => placeOf(root, 'services', name, ...keys);
    checkDependencies(name, service, project, active, at);
    checkResources(service, project, at);
    checkBuild(service, project, active, at);
    graph.push([name, Object.keys(service.depends_on ?? {}).filter((key) => Object.hasOwn(active, key))]);
  }
  orderByDependency(Object.fromEntries(graph));
}

type At = (...keys: (string | number)[]) => Place;

function checkDependencies(
  name: string,
  service: ServiceDefinition,
  project: DecodedProject,
  active: Readonly<Record<string, ServiceDefinition>>,
  at: At,
): void {
  for (const [key, { required }] of Object.entries(service.depends_on ?? {})) {
    if (Object.hasOwn(active, key)) continue;
    if (!Object.hasOwn(project.services, key))
      throw invalid(dependencyPlace(service, key, at), phrase('service_of_project'), verbatim(`"${key}"`));
    if (required)
      throw invalid(
        at('depends_on', key),
        phrase('service_active'),
        phrase('profiles_off', { service: key }),
        `Turn on a profile of ${key}, or write "required: false" where ${name} depends on it.`,
      );
  }
}

/** A dependency that Compose adds by itself stands under the key that it comes from. */
function dependencyPlace(service: ServiceDefinition, name: string, at: At): Place {
  for (const key of ['network_mode', 'ipc', 'pid', 'uts', 'cgroup'] as const)
    if (service[key] === `service:${name}`) return at(key);
  for (const key of ['links', 'volumes_from'] as const) {
    const index = service[key]?.findIndex((entry) => entry.split(':')[0] === name) ?? -1;
    if (index !== -1) return at(key, index);
  }
  return at('depends_on', name);
}

function checkResources(service: ServiceDefinition, project: DecodedProject, at: At): void {
  for (const key of Object.keys(service.networks ?? {}))
    if (!Object.hasOwn(project.networks, key))
      throw invalid(at('networks', key), phrase('network_of_project'), verbatim(`"${key}"`));
  service.volumes?.forEach(({ type, source }, index) => {
    if (type === 'volume' && source !== undefined && !Object.hasOwn(project.volumes, source))
      throw invalid(at('volumes', index), phrase('volume_of_project'), verbatim(`"${source}"`));
  });
  for (const kind of ['configs', 'secrets'] as const)
    service[kind]?.forEach(({ source = '' }, index) => {
      if (!Object.hasOwn(project[kind], source))
        throw invalid(
          at(kind, index),
          phrase(kind === 'configs' ? 'config_of_project' : 'secret_of_project'),
          verbatim(`"${source}"`),
        );
    });
  for (const key of Object.keys(service.models ?? {}))
    if (!Object.hasOwn(project.models, key))
      throw invalid(at('models', key), phrase('model_of_project'), verbatim(`"${key}"`));
}

function checkBuild(
  service: ServiceDefinition,
  project: DecodedProject,
  active: Readonly<Record<string, ServiceDefinition>>,
  at: At,
): void {
  const { build } = service;
  build?.secrets?.forEach(({ source = '' }, index) => {
    if (!Object.hasOwn(project.secrets, source))
      throw invalid(at('build', 'secrets', index), phrase('secret_of_project'), verbatim(`"${source}"`));
  });
  for (const [key, context] of Object.entries(build?.additional_contexts ?? {})) {
    if (!context.startsWith('service:')) continue;
    const target = context.slice('service:'.length);
    if (!Object.hasOwn(active, target) || active[target]?.build === undefined)
      throw invalid(
        at('build', 'additional_contexts', key),
        phrase('service_built'),
        verbatim(`"${target}"`),
      );
  }
}
