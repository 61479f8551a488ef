import { phrase, verbatim } from '../../../shared/errors/phrases/phrase.ts';
import type { ServiceDefinition } from '../definition.ts';
import { invalid, type LocatedMap, type Place } from '../located.ts';
import { placeOf } from './places.ts';

type At = (...keys: (string | number)[]) => Place;

/**
 * What Compose demands of the settings of a service beside each other. Only active services are looked at.
 *
 * @throws AppError `compose.invalid`
 */
export function checkServices(root: LocatedMap, active: Readonly<Record<string, ServiceDefinition>>): void {
  const containers = new Map<string, string>();
  for (const [name, service] of Object.entries(active)) {
    const at: At = (...keys) => placeOf(root, 'services', name, ...keys);
    checkSource(service, at);
    checkScale(service, at);
    checkLimits(service, at);
    checkTargets(service, at);
    if (service.network_mode !== undefined && service.networks !== undefined)
      throw invalid(
        at('network_mode'),
        phrase('either_or', { one: 'network_mode', other: 'networks' }),
        phrase('both'),
      );
    const { container_name: container } = service;
    if (container === undefined) continue;
    const other = containers.get(container);
    if (other !== undefined)
      throw invalid(
        at('container_name'),
        phrase('name_of_its_own'),
        phrase('name_taken', { name: container, other }),
      );
    containers.set(container, name);
  }
}

function checkSource({ build, image, provider, platform }: ServiceDefinition, at: At): void {
  if (build === undefined && image === undefined && provider === undefined)
    throw invalid(at(), phrase('one_or_other', { one: 'image', other: 'build' }), phrase('neither'));
  if (build?.dockerfile !== undefined && build.dockerfile_inline !== undefined)
    throw invalid(
      at('build', 'dockerfile_inline'),
      phrase('either_or', { one: 'dockerfile', other: 'dockerfile_inline' }),
      phrase('both'),
    );
  if (platform !== undefined && build?.platforms?.includes(platform) === false)
    throw invalid(
      at('build', 'platforms'),
      phrase('platform_of_service', { platform }),
      verbatim(build.platforms.join()),
    );
}

function checkScale({ scale, deploy, container_name: container }: ServiceDefinition, at: At): void {
  const replicas = deploy?.replicas;
  if (scale !== undefined && replicas !== undefined && scale !== replicas)
    throw invalid(
      at('scale'),
      phrase('same_as_in', { value: replicas, place: 'deploy.replicas' }),
      verbatim(String(scale)),
    );
  const count = scale ?? replicas ?? 1;
  const place = scale === undefined ? at('deploy', 'replicas') : at('scale');
  if (count < 0) throw invalid(place, phrase('zero_or_more'), verbatim(String(count)));
  if (count > 1 && container !== undefined)
    throw invalid(
      place,
      phrase('one_because_container_name'),
      verbatim(String(count)),
      'Remove container_name.',
    );
}

/** The older keys and those of `deploy.resources` must agree once the latter are there. */
function checkLimits(service: ServiceDefinition, at: At): void {
  const { limits, reservations } = service.deploy?.resources ?? {};
  const agree = (
    key: 'cpus' | 'mem_limit' | 'mem_reservation' | 'pids_limit',
    newer: object | undefined,
    value: unknown,
  ) => {
    const older = service[key];
    if (older === undefined || newer === undefined || older === value) return;
    const expected =
      value === undefined
        ? phrase('no_value', { place: 'deploy.resources' })
        : phrase('same_as_in', { value: String(value), place: 'deploy.resources' });
    throw invalid(at(key), expected, verbatim(String(older)));
  };
  agree('cpus', limits, limits?.cpus);
  agree('mem_limit', limits, limits?.memory);
  agree('mem_reservation', reservations, reservations?.memory);
  agree('pids_limit', limits, limits?.pids);
}

function checkTargets({ tmpfs, volumes }: ServiceDefinition, at: At): void {
  const taken = new Set<string>();
  const take = (target: string, place: Place) => {
    if (taken.has(target))
      throw invalid(place, phrase('target_of_its_own'), phrase('mounted_already', { target }));
    taken.add(target);
  };
  tmpfs?.forEach((entry, index) => {
    take(entry.split(':')[0] ?? '', at('tmpfs', index));
  });
  volumes?.forEach(({ target }, index) => {
    take(target, at('volumes', index));
  });
}
