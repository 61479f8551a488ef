import type { Located, LocatedMap } from '../located.ts';

/** What applies at which places: patterns such as `services.*.build.args`, where `*` is any key and any item of a list. */
export interface PathRules<T> {
  readonly rule?: T;
  readonly keys: ReadonlyMap<string, PathRules<T>>;
  readonly any?: PathRules<T>;
}

interface Draft<T> {
  rule?: T;
  readonly keys: Map<string, Draft<T>>;
  any?: Draft<T>;
}

export function pathRules<T>(patterns: Readonly<Record<string, T>>): PathRules<T> {
  const root: Draft<T> = { keys: new Map() };
  for (const [pattern, rule] of Object.entries(patterns)) {
    let draft = root;
    for (const step of pattern.split('.')) {
      const next: Draft<T> = (step === '*' ? draft.any : draft.keys.get(step)) ?? { keys: new Map() };
      if (step === '*') draft.any = next;
      else draft.keys.set(step, next);
      draft = next;
    }
    draft.rule = rule;
  }
  return root;
}

/** The rules below a key, or below an item of a list. Undefined: none apply anywhere below. */
export function rulesBelow<T>(rules: PathRules<T> | undefined, key?: string): PathRules<T> | undefined {
  if (rules === undefined) return undefined;
  return (key === undefined ? undefined : rules.keys.get(key)) ?? rules.any;
}

export type Rewrite = (node: Located) => Located;

/**
 * Rewrites the values at the rules' places, those inside first; what no rule applies to stays the same object.
 *
 * A rule gets what the rules below it have made; it must not rely on their not having run.
 */
export function rewriteTree(root: LocatedMap, rules: PathRules<Rewrite>): LocatedMap {
  const rewritten = rewriteNode(root, rules);
  return rewritten.kind === 'map' ? rewritten : root;
}

export function rewriteNode(node: Located, rules: PathRules<Rewrite> | undefined): Located {
  if (rules === undefined) return node;
  const inside = rewriteInside(node, rules);
  return rules.rule === undefined ? inside : rules.rule(inside);
}

function rewriteInside(node: Located, rules: PathRules<Rewrite>): Located {
  if (node.kind === 'scalar' || (rules.any === undefined && rules.keys.size === 0)) return node;
  if (node.kind === 'list') {
    const below = rulesBelow(rules);
    if (below === undefined) return node;
    let changed = false;
    const items = node.items.map((item) => {
      const next = rewriteNode(item, below);
      changed ||= next !== item;
      return next;
    });
    return changed ? { ...node, items } : node;
  }
  let entries: Map<string, Located> | undefined;
  for (const [key, value] of node.entries) {
    const next = rewriteNode(value, rulesBelow(rules, key));
    if (next === value) continue;
    entries ??= new Map(node.entries);
    entries.set(key, next);
  }
  return entries === undefined ? node : { ...node, entries };
}
