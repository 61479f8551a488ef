import { invalid } from './located.ts';
import type { Resources } from './project.ts';
import { asAmount, asBytes, asWhole, MapReader } from './read-values.ts';

/** `deploy.resources.limits`, and the older keys beside it; both at once must agree, as in Compose. */
export function readLimits(service: MapReader): Resources {
  const older: Resources = {
    ...service.optional('cpus', 'cpus', asAmount),
    ...service.optional('memoryBytes', 'mem_limit', asBytes),
    ...service.optional('pids', 'pids_limit', asWhole),
  };
  const deploy = service.get('deploy');
  if (deploy === undefined) return older;
  const deployed = new MapReader(deploy, ['resources', 'replicas']);
  const replicas = deployed.get('replicas');
  if (replicas !== undefined && asWhole(replicas) !== 1)
    throw invalid(replicas.at, '1 replica', String(asWhole(replicas)));
  const resources = deployed.get('resources');
  const limits = resources === undefined ? undefined : new MapReader(resources, ['limits']).get('limits');
  if (limits === undefined) return older;
  const map = new MapReader(limits, ['cpus', 'memory', 'pids']);
  return {
    ...older,
    ...map.optional('cpus', 'cpus', asAmount),
    ...map.optional('memoryBytes', 'memory', asBytes),
    ...map.optional('pids', 'pids', asWhole),
  };
}
