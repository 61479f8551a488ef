import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import { anchorLine, type EditDocument, refuse, wrongKind } from './edit-document.ts';

export type MapPair = Pair<Node | null, Node | null>;

export interface PathStep {
  readonly map: YAMLMap;
  readonly pair: MapPair;
}

export type Walk =
  | { readonly kind: 'found'; readonly steps: readonly PathStep[] }
  /** `rest` begins with the key that is missing; `map` is absent where the parent has no value yet. */
  | {
      readonly kind: 'missing';
      readonly steps: readonly PathStep[];
      readonly map?: YAMLMap;
      readonly rest: readonly string[];
    };

/** Follows a path to what the file itself writes there: not through aliases and merges, where others would change too. */
export function walk(doc: EditDocument, path: readonly string[]): Walk {
  const steps: PathStep[] = [];
  let node: Node | null = doc.document.contents;
  for (const [index, key] of path.entries()) {
    const here = path.slice(0, index).join('.');
    if (isNothing(node)) return { kind: 'missing', steps, rest: path.slice(index) };
    if (isAlias(node)) throw underAlias(doc, node, here);
    if (!isMap(node)) throw wrongKind(doc, node, here, phrase('map'));
    const pair = ownPair(node, key);
    if (pair === undefined) {
      if (index < path.length - 1 && effectiveValue(doc, node, key) !== undefined)
        throw merged(doc, node, `${here}.${key}`);
      return { kind: 'missing', steps, map: node, rest: path.slice(index) };
    }
    if (pair.value?.tag === '!reset')
      throw refuse(doc, pair.key, [...path.slice(0, index), key].join('.'), phrase('edit_reset'));
    steps.push({ map: node, pair });
    node = pair.value;
  }
  return { kind: 'found', steps };
}

export function ownPair(map: YAMLMap, key: string): MapPair | undefined {
  return (map.items as MapPair[]).find((pair) => !isMergeKey(pair) && keyOf(pair) === key);
}

/** The value of a key with merges applied; aliases resolved. */
export function effectiveValue(doc: EditDocument, map: YAMLMap, key: string): Node | null | undefined {
  const own = ownPair(map, key);
  if (own !== undefined) return resolved(doc, own.value);
  for (const source of mergeSources(doc, map)) {
    const value = effectiveValue(doc, source, key);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Keys with merges applied, in the order in which they stand. */
export function effectiveKeys(doc: EditDocument, map: YAMLMap): string[] {
  const keys = new Set<string>();
  for (const source of [...mergeSources(doc, map)].reverse())
    for (const key of effectiveKeys(doc, source)) keys.add(key);
  for (const pair of map.items as MapPair[]) if (!isMergeKey(pair)) keys.add(keyOf(pair));
  return [...keys];
}

export function resolved(doc: EditDocument, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(doc.document) ?? null) : node;
}

export function isNothing(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

/** A scalar without a character of its own: `key:` */
export function isUnwritten(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.range?.[0] === node.range?.[1]);
}

export function keyOf(pair: MapPair): string {
  return isScalar(pair.key) ? String(pair.key.source ?? pair.key.value) : '';
}

export function underAlias(doc: EditDocument, alias: Alias, path: string): Error {
  const line = anchorLine(doc, alias);
  return refuse(
    doc,
    alias,
    path,
    line === undefined
      ? phrase('edit_alias', { alias: alias.source })
      : phrase('edit_alias_in', { alias: alias.source, line }),
  );
}

export function merged(doc: EditDocument, map: YAMLMap, path: string): Error {
  const merge = (map.items as MapPair[]).find(isMergeKey);
  const line = isAlias(merge?.value) ? anchorLine(doc, merge.value) : undefined;
  return refuse(
    doc,
    merge?.key ?? map,
    path,
    line === undefined ? phrase('edit_merged') : phrase('edit_merged_from', { line }),
  );
}

function* mergeSources(doc: EditDocument, map: YAMLMap): Generator<YAMLMap> {
  for (const pair of (map.items as MapPair[]).filter(isMergeKey)) {
    const value = resolved(doc, pair.value);
    // Of several the first wins.
    for (const source of isSeq(value) ? (value.items as (Node | null)[]) : [value]) {
      const target = resolved(doc, source);
      if (isMap(target)) yield target;
    }
  }
}

function isMergeKey(pair: MapPair): boolean {
  return (
    isScalar(pair.key) &&
    (typeof pair.key.value === 'symbol' || (pair.key.value === '<<' && pair.key.type === 'PLAIN'))
  );
}
