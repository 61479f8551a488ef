import type { Located } from '../located.ts';
import { compareKeys } from './byte-order.ts';

/** The value alone, without places: what `x-*` means to whoever reads it. Keys sorted as Go sorts them. */
export function plainValue(node: Located): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainValue);
  const entries = [...node.entries].map(([key, value]): [string, unknown] => [key, plainValue(value)]);
  return Object.fromEntries(entries.sort(([a], [b]) => compareKeys(a, b)));
}
