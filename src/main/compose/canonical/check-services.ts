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
      throw invalid(at('network_mode'), 'either network_mode or networks', 'both');
    const { container_name: container } = service;
    if (container === undefined) continue;
    const other = containers.get(container);
    if (other !== undefined)
      throw invalid(at('container_name'), 'a name of its own', `"${container}", which ${other} has`);
    containers.set(container, name);
  }
}

function checkSource({ build, image, provider, platform }: ServiceDefinition, at: At): void {
  if (build === undefined && image === undefined && provider === undefined)
    throw invalid(at(), 'image or build', 'neither');
  if (build?.dockerfile !== undefined && build.dockerfile_inline !== undefined)
    throw invalid(at('build', 'dockerfile_inline'), 'either dockerfile or dockerfile_inline', 'both');
  if (platform !== undefined && build?.platforms?.includes(platform) === false)
    throw invalid(
      at('build', 'platforms'),
      `"${platform}", the platform of the service`,
      build.platforms.join(),
    );
}

function checkScale({ scale, deploy, container_name: container }: ServiceDefinition, at: At): void {
  const replicas = deploy?.replicas;
  if (scale !== undefined && replicas !== undefined && scale !== replicas)
    throw invalid(at('scale'), `${replicas}, as in deploy.replicas`, String(scale));
  const count = scale ?? replicas ?? 1;
  const place = scale === undefined ? at('deploy', 'replicas') : at('scale');
  if (count < 0) throw invalid(place, '0 or more', String(count));
  if (count > 1 && container !== undefined)
    throw invalid(place, `1, because container_name is set`, String(count), 'Remove container_name.');
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
        ? 'no value, because deploy.resources has none'
        : `${String(value)}, as in deploy.resources`;
    throw invalid(at(key), expected, String(older));
  };
  agree('cpus', limits, limits?.cpus);
  agree('mem_limit', limits, limits?.memory);
  agree('mem_reservation', reservations, reservations?.memory);
  agree('pids_limit', limits, limits?.pids);
}

function checkTargets({ tmpfs, volumes }: ServiceDefinition, at: At): void {
  const taken = new Set<string>();
  const take = (target: string, place: Place) => {
    if (taken.has(target)) throw invalid(place, 'a target of its own', `"${target}", mounted already`);
    taken.add(target);
  };
  tmpfs?.forEach((entry, index) => {
    take(entry.split(':')[0] ?? '', at('tmpfs', index));
  });
  volumes?.forEach(({ target }, index) => {
    take(target, at('volumes', index));
  });
}
