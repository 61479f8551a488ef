import { type Phrase, phrase } from '../../../shared/errors/phrases/phrase.ts';
import {
  describeFound,
  invalid,
  type Located,
  type LocatedList,
  type LocatedMap,
  type LocatedScalar,
  type Place,
} from '../located.ts';
import { goText } from './yaml-scalar.ts';

/** Values made from what stands at a place: they name that place when they are wrong. */
export function textAt(at: Place, text: string): LocatedScalar {
  return { kind: 'scalar', at, value: text, text };
}

export function flagAt(at: Place, value: boolean): LocatedScalar {
  return { kind: 'scalar', at, value, text: String(value) };
}

export function numberAt(at: Place, value: number): LocatedScalar {
  return { kind: 'scalar', at, value, text: String(value) };
}

export function nullAt(at: Place): LocatedScalar {
  return { kind: 'scalar', at, value: null, text: '' };
}

/** Those that are undefined are left out. */
export function mapAt(at: Place, entries: Readonly<Record<string, Located | undefined>>): LocatedMap {
  const given = Object.entries(entries).filter((entry): entry is [string, Located] => entry[1] !== undefined);
  return { kind: 'map', at, entries: new Map(given) };
}

export function listAt(at: Place, items: readonly Located[]): LocatedList {
  return { kind: 'list', at, items };
}

export function isNull(node: Located | undefined): boolean {
  return node?.kind === 'scalar' && node.value === null;
}

export function isText(node: Located | undefined): node is LocatedScalar & { readonly value: string } {
  return node?.kind === 'scalar' && typeof node.value === 'string';
}

export function mapOr(node: Located, expected: Phrase = phrase('map')): LocatedMap {
  if (node.kind !== 'map') throw invalid(node.at, expected, describeFound(node));
  return node;
}

export function textOr(node: Located, expected: Phrase = phrase('text')): string {
  if (!isText(node)) throw invalid(node.at, expected, describeFound(node));
  return node.value;
}

/** A scalar as the text that Compose makes of it in an environment or a label. */
export function printed(node: LocatedScalar): string {
  return goText(node.value, node.text);
}

export function child(node: Located | undefined, key: string): Located | undefined {
  return node?.kind === 'map' ? node.entries.get(key) : undefined;
}

/** The same map with entries set, and those that are undefined taken out. */
export function withEntries(
  node: LocatedMap,
  changes: Readonly<Record<string, Located | undefined>>,
): LocatedMap {
  const entries = new Map(node.entries);
  for (const [key, value] of Object.entries(changes))
    if (value === undefined) entries.delete(key);
    else entries.set(key, value);
  return { ...node, entries };
}

/** Whether two values are the same, wherever they stand. */
export function isSame(a: Located, b: Located): boolean {
  if (a === b) return true;
  if (a.kind === 'scalar') return b.kind === 'scalar' && a.value === b.value;
  if (a.kind === 'list')
    return (
      b.kind === 'list' &&
      a.items.length === b.items.length &&
      a.items.every((item, index) => {
        const other = b.items[index];
        return other !== undefined && isSame(item, other);
      })
    );
  if (b.kind !== 'map' || a.entries.size !== b.entries.size) return false;
  for (const [key, value] of a.entries) {
    const other = b.entries.get(key);
    if (other === undefined || !isSame(value, other)) return false;
  }
  return true;
}

/** The same map without what stands at these keys. */
export function withoutPaths(node: LocatedMap, paths: readonly (readonly string[])[]): LocatedMap {
  let result = node;
  for (const path of paths) {
    const [key, ...rest] = path;
    const value = key === undefined ? undefined : result.entries.get(key);
    if (key === undefined || value === undefined) continue;
    if (rest.length === 0) result = withEntries(result, { [key]: undefined });
    else if (value.kind === 'map') result = withEntries(result, { [key]: withoutPaths(value, [rest]) });
  }
  return result;
}
