import { describeFound, invalid, type Located, type LocatedList, type LocatedMap } from './located.ts';

/** Lists that a later file replaces instead of adding to. */
const REPLACED = /^services\.[^.]+\.(command|entrypoint|healthcheck\.test)$|\.sandbox\.command$/;
/** Short forms `- NAME=value` of what is a map. */
const KEYED =
  /^services\.[^.]+\.(environment|labels|build\.args|build\.labels|sysctls)$|^(networks|volumes)\.[^.]+\.labels$/;
/** Short forms `- name` of a map of definitions. */
const NAMED = /^services\.[^.]+\.(depends_on|networks)$/;
const BUILD = /^services\.[^.]+\.build$/;
const MOUNTS = /^services\.[^.]+\.volumes$/;

/** Merges in order as Compose does: maps by key, lists by adding what is new, mounts by target, commands replaced. */
export function mergeFiles(files: readonly LocatedMap[]): LocatedMap {
  const [first, ...rest] = files.map((file) => expandMap(file, ''));
  if (first === undefined) throw new Error('mergeFiles needs at least one file');
  return rest.reduce((merged, next) => mergeMaps(merged, next, ''), first);
}

function mergeMaps(base: LocatedMap, over: LocatedMap, path: string): LocatedMap {
  const entries = new Map(base.entries);
  for (const [key, value] of over.entries) {
    const before = entries.get(key);
    entries.set(key, before === undefined ? value : mergeValues(before, value, join(path, key)));
  }
  return { ...base, entries };
}

function mergeValues(base: Located, over: Located, path: string): Located {
  if (over.kind === 'scalar' && over.value === null && base.kind !== 'scalar') return base;
  if (REPLACED.test(path)) return over;
  if (base.kind === 'map' && over.kind === 'map') return mergeMaps(base, over, path);
  if (base.kind === 'list' && over.kind === 'list')
    return MOUNTS.test(path) ? mergeMounts(base, over) : appendNew(base, over);
  if (base.kind !== over.kind && base.kind !== 'scalar' && over.kind !== 'scalar')
    throw invalid(over.at, `a ${base.kind}, as in ${base.at.file}`, describeFound(over));
  return over;
}

function appendNew(base: LocatedList, over: LocatedList): LocatedList {
  const seen = new Set(base.items.map(plain));
  return { ...over, items: [...base.items, ...over.items.filter((item) => !seen.has(plain(item)))] };
}

function mergeMounts(base: LocatedList, over: LocatedList): LocatedList {
  const byTarget = new Map(base.items.map((item) => [mountTarget(item), item]));
  for (const item of over.items) byTarget.set(mountTarget(item), item);
  return { ...over, items: [...byTarget.values()] };
}

function mountTarget(item: Located): string {
  if (item.kind === 'map') {
    const target = item.entries.get('target');
    return target?.kind === 'scalar' ? target.text : plain(item);
  }
  if (item.kind !== 'scalar') return plain(item);
  const parts = item.text.replace(/^[A-Za-z]:[\\/]/, '').split(':');
  return parts[1] ?? parts[0] ?? '';
}

/** A value without its places, for comparing. */
function plain(node: Located): string {
  if (node.kind === 'scalar') return JSON.stringify(node.text);
  if (node.kind === 'list') return `[${node.items.map(plain).join()}]`;
  return `{${[...node.entries]
    .map(([key, value]) => `${JSON.stringify(key)}:${plain(value)}`)
    .sort()
    .join()}}`;
}

function expandMap(node: LocatedMap, path: string): LocatedMap {
  const entries = [...node.entries].map(([key, value]): [string, Located] => {
    const child = join(path, key);
    return [key, expand(value, child)];
  });
  return { ...node, entries: new Map(entries) };
}

/** Turns the short forms that merge by key into maps. */
function expand(node: Located, path: string): Located {
  if (node.kind === 'map') return expandMap(node, path);
  if (node.kind === 'list' && KEYED.test(path)) return keyedMap(node);
  if (node.kind === 'list' && NAMED.test(path)) return namedMap(node);
  if (node.kind === 'scalar' && typeof node.value === 'string' && BUILD.test(path)) {
    const context: Located = { ...node, at: { ...node.at, path: `${path}.context` } };
    return { kind: 'map', at: node.at, entries: new Map([['context', context]]) };
  }
  return node;
}

function keyedMap(node: LocatedList): LocatedMap {
  const entries = node.items.map((item): [string, Located] => {
    if (item.kind !== 'scalar') throw invalid(item.at, 'NAME=value', describeFound(item));
    const equals = item.text.indexOf('=');
    if (equals === -1) return [item.text, { ...item, value: null, text: '' }];
    const value = item.text.slice(equals + 1);
    return [item.text.slice(0, equals), { ...item, value, text: value }];
  });
  return { kind: 'map', at: node.at, entries: new Map(entries) };
}

function namedMap(node: LocatedList): LocatedMap {
  const entries = node.items.map((item): [string, Located] => {
    if (item.kind !== 'scalar') throw invalid(item.at, 'a name', describeFound(item));
    return [item.text, { ...item, value: null, text: '' }];
  });
  return { kind: 'map', at: node.at, entries: new Map(entries) };
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
