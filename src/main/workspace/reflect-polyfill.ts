/**
 * The few calls of the Reflect metadata proposal that `@peculiar/x509`'s injection container makes.
 *
 * Imported before it: the container refuses to load without them.
 */
type Metadata = Map<unknown, unknown>;
const store = new WeakMap<object, Metadata>();

function own(target: object): Metadata {
  const known = store.get(target);
  if (known !== undefined) return known;
  const made: Metadata = new Map();
  store.set(target, made);
  return made;
}

function find(key: unknown, target: object): unknown {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const value = store.get(at)?.get(key);
    if (value !== undefined) return value;
  }
  return undefined;
}

if (!('getMetadata' in Reflect))
  Object.assign(Reflect, {
    defineMetadata: (key: unknown, value: unknown, target: object) => void own(target).set(key, value),
    getMetadata: (key: unknown, target: object) => find(key, target),
    getOwnMetadata: (key: unknown, target: object) => store.get(target)?.get(key),
    hasMetadata: (key: unknown, target: object) => find(key, target) !== undefined,
    hasOwnMetadata: (key: unknown, target: object) => store.get(target)?.has(key) === true,
    metadata: (key: unknown, value: unknown) => (target: object) => void own(target).set(key, value),
  });
