import type { Located, LocatedMap, Place } from '../located.ts';

/** The place of a value, or of the nearest thing around it that the files have. */
export function placeOf(root: LocatedMap, ...keys: readonly (string | number)[]): Place {
  let node: Located = root;
  for (const key of keys) {
    const child: Located | undefined =
      node.kind === 'map'
        ? node.entries.get(String(key))
        : node.kind === 'list' && typeof key === 'number'
          ? node.items[key]
          : undefined;
    if (child === undefined) break;
    node = child;
  }
  return node.at;
}
