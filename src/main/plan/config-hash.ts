import type { EngineKind } from '../../shared/stack/stack-snapshot.ts';
import * as compose from '../compose/canonical/definition-hash.ts';
import { sha256 } from '../compose/canonical/sha256.ts';
import type { ServiceDefinition } from '../compose/definition.ts';
import type { Network, Service, Volume } from '../compose/project.ts';
import { canonicalJson } from './canonical-json.ts';

/** Definitions are never changed in place; hashing hundreds of them for every plan would be most of its time. */
const HASHES = new WeakMap<object, string>();
const NO_SANDBOX = {};

/**
 * The value of `com.docker.compose.config-hash`; Compose's own for Docker, so that either takes over from the other.
 *
 * `definition` is the service's with references to other services resolved, see resolved-definition.ts.
 */
export function configHash(
  service: Service,
  engine: EngineKind,
  definition: ServiceDefinition = service.definition,
): string {
  if (engine === 'docker') return cached(definition, compose.serviceHash);
  return cached(service.skilldeck.sandbox ?? NO_SANDBOX, (spec) => sha256(canonicalJson(spec)));
}

export function networkHash(network: Network): string {
  return cached(network.definition, compose.networkHash);
}

export function volumeHash(volume: Volume): string {
  return cached(volume.definition, compose.volumeHash);
}

function cached<T extends object>(definition: T, hash: (definition: T) => string): string {
  const known = HASHES.get(definition);
  if (known !== undefined) return known;
  const made = hash(definition);
  HASHES.set(definition, made);
  return made;
}
