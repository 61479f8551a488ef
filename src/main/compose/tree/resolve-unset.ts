import { type Variables, variable } from '../interpolate.ts';
import type { LocatedMap } from '../located.ts';
import { isNull, textAt } from './nodes.ts';
import { pathRules, type Rewrite, rewriteTree } from './path-rules.ts';

/** `NAME` without a value takes the one that the environment has; without one it stays null. */
export function resolveUnset(root: LocatedMap, env: Variables): LocatedMap {
  const resolve: Rewrite = (node) => {
    if (node.kind !== 'map') return node;
    const entries = [...node.entries].map(([name, value]) => {
      const text = isNull(value) ? variable(env, name) : undefined;
      return [name, text === undefined ? value : textAt(value.at, text)] as const;
    });
    return { ...node, entries: new Map(entries) };
  };
  return rewriteTree(
    root,
    pathRules<Rewrite>({ 'services.*.environment': resolve, 'services.*.build.args': resolve }),
  );
}
