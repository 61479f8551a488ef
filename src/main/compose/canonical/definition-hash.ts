import type { NetworkDefinition, ServiceDefinition, VolumeDefinition } from '../definition.ts';
import { goJson } from './go-json.ts';
import { sha256 } from './sha256.ts';

/**
 * The value of `com.docker.compose.config-hash`, byte for byte that of Compose 2.40.
 *
 * Pass a definition in which `service:` references are resolved to `container:<id>`, as Compose does before it hashes.
 * Source: `ServiceHash` in docker/compose `pkg/compose/hash.go`.
 */
export function serviceHash(definition: ServiceDefinition): string {
  const {
    build: _build,
    depends_on: _dependsOn,
    profiles: _profiles,
    pull_policy: _pullPolicy,
    scale: _scale,
    ...rest
  } = definition;
  if (rest.deploy === undefined) return sha256(goJson(rest));
  const { replicas: _replicas, ...deploy } = rest.deploy;
  return sha256(goJson({ ...rest, deploy }));
}

export function networkHash(definition: NetworkDefinition): string {
  return sha256(goJson(definition));
}

export function volumeHash(definition: VolumeDefinition): string {
  const { name, driver = 'local', ...rest } = definition;
  return sha256(goJson({ name, driver, ...rest }));
}
