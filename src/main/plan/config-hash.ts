import type { EngineKind } from '../../shared/stack/stack-snapshot.ts';
import { sha256 } from '../compose/canonical/sha256.ts';
import type { Network, Service, Volume } from '../compose/project.ts';
import { canonicalJson } from './canonical-json.ts';

/** What a running instance was made of: the part of a service whose change is a reason to recreate it. */
export type InstanceConfig = Readonly<Record<string, unknown>>;

/**
 * The configuration that an instance of the service is created from, for one kind of engine.
 *
 * Left out, as Compose leaves it out: build, pull policy, profiles and dependencies.
 */
export function instanceConfig(service: Service, engine: EngineKind): InstanceConfig {
  if (engine === 'sandbox') return { ...service.skilldeck.sandbox };
  const {
    build: _build,
    pullPolicy: _pull,
    profiles: _profiles,
    dependsOn: _dependsOn,
    skilldeck: _own,
    ...config
  } = service;
  return config;
}

/** The value of `com.docker.compose.config-hash`: differs exactly when {@link instanceConfig} does. */
export function configHash(service: Service, engine: EngineKind): string {
  return sha256(canonicalJson(instanceConfig(service, engine)));
}

export function networkHash(network: Network): string {
  return sha256(canonicalJson(network));
}

export function volumeHash(volume: Volume): string {
  return sha256(canonicalJson(volume));
}
