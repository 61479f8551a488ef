import type { RpcClient } from './client.ts';
import { useClient } from './client-context.tsx';

type Factory<T> = (client: RpcClient) => T;

const features = new WeakMap<RpcClient, Map<Factory<unknown>, unknown>>();

/**
 * The one instance of a feature's store for this connection.
 *
 * It is made on first use and lives as long as the window, so that pages can be left and entered again
 * without losing unsaved text. `factory` must be a top-level function: it is the key.
 */
export function useFeature<T>(factory: Factory<T>): T {
  return featureOf(useClient(), factory);
}

export function featureOf<T>(client: RpcClient, factory: Factory<T>): T {
  let made = features.get(client);
  if (!made) {
    made = new Map();
    features.set(client, made);
  }
  // The map is keyed by the factory itself, so what it holds under it is what that factory returned.
  if (made.has(factory)) return made.get(factory) as T;
  const feature = factory(client);
  made.set(factory, feature);
  return feature;
}
