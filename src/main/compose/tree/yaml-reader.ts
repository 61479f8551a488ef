import { isAlias, isMap, isScalar, isSeq, type LineCounter, type Node, type Pair, type YAMLMap } from 'yaml';
import { phrase, verbatim } from '../../../shared/errors/phrases/phrase.ts';
import {
  describeFound,
  invalid,
  type Located,
  type LocatedMap,
  type LocatedScalar,
  type Place,
} from '../located.ts';
import { resolvePlain } from './yaml-scalar.ts';

const MAX_DEPTH = 64;
/** Counted after aliases are followed, so that a few nested ones cannot grow into a billion nodes. */
const MAX_NODES = 100_000;
/** Of all documents of a file. */
export interface NodeBudget {
  nodes: number;
}

interface Spot {
  readonly path: string;
  readonly keys: readonly string[];
  readonly depth: number;
  /** Inside an alias: anchors are not defined anew. */
  readonly copied: boolean;
  /** Inside `!override`, tags mean nothing more. */
  readonly plain: boolean;
}

/** Turns a parsed document into values with places: aliases followed, merge keys applied, `!reset` taken out. */
export class YamlReader {
  readonly resets: (readonly string[])[] = [];
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #budget: NodeBudget;
  readonly #anchors = new Map<string, Node>();
  /** Those being read: an alias to one of them never ends. */
  readonly #open = new Set<Node>();

  constructor(file: string, lines: LineCounter, budget: NodeBudget) {
    this.#file = file;
    this.#lines = lines;
    this.#budget = budget;
  }

  read(root: Node): Located | undefined {
    return this.#read(root, { path: '', keys: [], depth: 0, copied: false, plain: false });
  }

  /** @returns undefined for `!reset`. */
  #read(node: Node | null, spot: Spot, fallback?: Place): Located | undefined {
    const at = this.#place(node, spot.path, fallback);
    this.#budget.nodes += 1;
    if (this.#budget.nodes > MAX_NODES)
      throw invalid(at, phrase('at_most_values', { count: MAX_NODES }), phrase('more_with_aliases'));
    if (spot.depth > MAX_DEPTH)
      throw invalid(at, phrase('at_most_levels', { count: MAX_DEPTH }), phrase('deeper_nesting'));
    if (node === null) return { kind: 'scalar', at, value: null, text: '' };
    if (isAlias(node)) return this.#alias(node.source, spot, at);
    if (!spot.plain && (node.tag === '!reset' || node.tag === '!override')) this.resets.push(spot.keys);
    if (!spot.plain && node.tag === '!reset') return undefined;
    const inside = node.tag === '!override' ? { ...spot, plain: true } : spot;
    if (isScalar(node)) {
      this.#define(node.anchor, node, spot);
      return scalar(node.value, node.type === 'PLAIN', node.tag, at);
    }
    if (!isMap(node) && !isSeq(node)) return { kind: 'scalar', at, value: null, text: '' };
    this.#define(node.anchor, node, spot);
    this.#open.add(node);
    const value: Located = isMap(node)
      ? { kind: 'map', at, entries: this.#entries(node, inside) }
      : { kind: 'list', at, items: this.#items(node.items as readonly (Node | null)[], inside) };
    this.#open.delete(node);
    return value;
  }

  #alias(name: string, spot: Spot, at: Place): Located | undefined {
    const target = this.#anchors.get(name);
    if (target === undefined) throw invalid(at, phrase('alias_of_anchor_above'), verbatim(`*${name}`));
    if (this.#open.has(target))
      throw invalid(at, phrase('alias_of_finished'), phrase('alias_within', { name }));
    return this.#read(target, { ...spot, depth: spot.depth + 1, copied: true }, at);
  }

  #define(anchor: string | undefined, node: Node, spot: Spot): void {
    if (anchor !== undefined && !spot.copied) this.#anchors.set(anchor, node);
  }

  #items(items: readonly (Node | null)[], spot: Spot): readonly Located[] {
    return items.flatMap((item, index) => {
      const value = this.#read(item, below(spot, `[${index}]`, String(index)));
      return value === undefined ? [] : [value];
    });
  }

  #entries(map: YAMLMap, spot: Spot): ReadonlyMap<string, Located> {
    const entries = new Map<string, Located>();
    const merged = new Map<string, Located>();
    const seen = new Set<string>();
    for (const pair of map.items as Pair<Node | null, Node | null>[]) {
      const at = this.#place(pair.key, spot.path, this.#place(map, spot.path));
      const key = keyOf(pair.key, at);
      if (seen.has(key)) throw invalid(at, phrase('each_key_once'), phrase('key_twice', { key }));
      seen.add(key);
      if (key === '<<') this.#mergeInto(merged, pair.value, spot, at);
      else {
        const next = below(spot, `${spot.path === '' ? '' : '.'}${key}`, key);
        const value = this.#read(pair.value, next, { ...at, path: next.path });
        if (value !== undefined) entries.set(key, value);
      }
    }
    // Those of the map itself come first: they win.
    for (const [key, value] of merged) if (!seen.has(key)) entries.set(key, value);
    return entries;
  }

  /** `<<: *a` and `<<: [*a, *b]`: earlier sources win, the map's own keys win over all. */
  #mergeInto(merged: Map<string, Located>, node: Node | null, spot: Spot, at: Place): void {
    const source = this.#read(node, { ...spot, depth: spot.depth + 1 }, at);
    if (source === undefined) return;
    for (const item of source.kind === 'list' ? source.items : [source]) {
      if (item.kind !== 'map') throw invalid(item.at, phrase('map_to_merge'), describeFound(item));
      for (const [key, value] of (item satisfies LocatedMap).entries)
        if (!merged.has(key)) merged.set(key, value);
    }
  }

  #place(node: Node | null, path: string, fallback?: Place): Place {
    const offset = node?.range?.[0];
    if (offset === undefined) return fallback ?? { file: this.#file, line: 1, column: 1, path };
    const position = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(1, position.line), column: Math.max(1, position.col), path };
  }
}

function below(spot: Spot, step: string, key: string): Spot {
  return {
    path: spot.path + step,
    keys: [...spot.keys, key],
    depth: spot.depth + 1,
    copied: spot.copied,
    plain: spot.plain,
  };
}

function keyOf(node: Node | null, at: Place): string {
  if (!isScalar(node))
    throw invalid(at, phrase('plain_key'), node === null ? phrase('nothing') : phrase('list_or_map_as_key'));
  const text = String(node.value);
  const value = node.type === 'PLAIN' && node.tag === undefined ? resolvePlain(text) : text;
  if (typeof value !== 'string')
    throw invalid(at, phrase('text_as_key'), text === '' ? phrase('nothing') : verbatim(text));
  return text;
}

function scalar(value: unknown, plain: boolean, tag: string | undefined, at: Place): LocatedScalar {
  const text = typeof value === 'string' ? value : String(value ?? '');
  const isText = !plain || (tag !== undefined && !/(int|float|bool|null)$/.test(tag) && tag !== '!override');
  return { kind: 'scalar', at, value: isText ? text : resolvePlain(text), text };
}
