import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import { describeFound, invalid, type Located, type LocatedMap } from '../located.ts';
import {
  child,
  flagAt,
  isNull,
  isSame,
  isText,
  listAt,
  mapAt,
  mapOr,
  nullAt,
  textAt,
  textOr,
} from './nodes.ts';
import { type PathRules, pathRules, rulesBelow } from './path-rules.ts';
import { sequenceOf } from './sequences.ts';

type Merge = (base: Located, over: Located, rules: PathRules<Merge>) => Located;

const replace: Merge = (_base, over) => over;

/** Where Compose does more than merge maps by key, add lists and replace scalars. */
const MERGES = pathRules<Merge>({
  'networks.*.ipam.config': mergePools,
  'networks.*.labels': mergeSequences,
  'volumes.*.labels': mergeSequences,
  'services.*.annotations': mergeSequences,
  'services.*.build': mergeBuilds,
  'services.*.build.args': mergeSequences,
  'services.*.build.additional_contexts': mergeSequences,
  'services.*.build.extra_hosts': mergeSequences,
  'services.*.build.labels': mergeSequences,
  'services.*.command': replace,
  'services.*.depends_on': mergeNamed(dependency),
  'services.*.deploy.labels': mergeSequences,
  'services.*.dns': mergeSequences,
  'services.*.dns_opt': mergeSequences,
  'services.*.dns_search': mergeSequences,
  'services.*.entrypoint': replace,
  'services.*.env_file': mergeSequences,
  'services.*.label_file': mergeSequences,
  'services.*.environment': mergeSequences,
  'services.*.extra_hosts': mergeSequences,
  'services.*.healthcheck.test': replace,
  'services.*.labels': mergeSequences,
  'services.*.volumes.*.volume.labels': mergeSequences,
  'services.*.logging': mergeLogging,
  'services.*.models': mergeNamed((name) => nullAt(name.at)),
  'services.*.networks': mergeNamed((name) => nullAt(name.at)),
  'services.*.sysctls': mergeSequences,
  'services.*.tmpfs': mergeSequences,
  'services.*.ulimits.*': replace,
});

/**
 * What a later document makes of earlier ones: maps by key, lists one after the other, scalars replaced, and the
 * exceptions of Compose. Null says nothing. Source: `override/merge.go` of compose-go 2.9.
 */
export function mergeTrees(base: LocatedMap, over: LocatedMap): LocatedMap {
  return mergeMaps(base, over, MERGES);
}

/** The same for one service, as `extends` does. */
export function mergeServices(base: LocatedMap, over: LocatedMap): LocatedMap {
  return mergeMaps(base, over, rulesBelow(rulesBelow(MERGES, 'services'), ''));
}

/** The same for one resource of a section, as `include` does. */
export function mergeResources(section: string, base: Located, over: Located): Located {
  return mergeNodes(base, over, rulesBelow(rulesBelow(MERGES, section), ''));
}

function mergeNodes(base: Located, over: Located, rules: PathRules<Merge> | undefined): Located {
  if (rules?.rule !== undefined) return rules.rule(base, over, rules);
  if (isNull(over)) return base;
  if (base.kind === 'scalar') return over;
  if (base.kind === 'map' && over.kind === 'map') return mergeMaps(base, over, rules);
  if (base.kind === 'list' && over.kind === 'list') return listAt(over.at, [...base.items, ...over.items]);
  throw invalid(
    over.at,
    phrase('same_as_in', { value: phrase(base.kind), place: base.at.file }),
    describeFound(over),
  );
}

function mergeMaps(base: LocatedMap, over: LocatedMap, rules: PathRules<Merge> | undefined): LocatedMap {
  if (base.entries.size === 0) return { ...over, at: base.at };
  if (over.entries.size === 0) return base;
  const entries = new Map(base.entries);
  for (const [key, value] of over.entries) {
    const before = entries.get(key);
    entries.set(key, before === undefined ? value : mergeNodes(before, value, rulesBelow(rules, key)));
  }
  return { ...base, entries };
}

function mergeSequences(base: Located, over: Located): Located {
  return listAt(isNull(over) ? base.at : over.at, [...sequenceOf(base), ...sequenceOf(over)]);
}

function mergeBuilds(base: Located, over: Located, rules: PathRules<Merge>): Located {
  return mergeMaps(buildMap(base), buildMap(over), rules);
}

function buildMap(node: Located): LocatedMap {
  if (isNull(node)) return mapAt(node.at, {});
  return isText(node) ? mapAt(node.at, { context: node }) : mapOr(node, phrase('folder_or_map'));
}

/** Options only mean something to their own driver. */
function mergeLogging(base: Located, over: Located, rules: PathRules<Merge>): Located {
  if (isNull(over)) return base;
  if (isNull(base)) return over;
  const [before, after] = [child(base, 'driver'), child(over, 'driver')];
  const differ = before !== undefined && after !== undefined && !isSame(before, after);
  return differ ? over : mergeMaps(mapOr(base), mapOr(over), rules);
}

/** Lists of names are maps without values. */
function mergeNamed(value: (name: Located) => Located): Merge {
  const asMap = (node: Located): LocatedMap => {
    if (isNull(node)) return mapAt(node.at, {});
    const names = node.kind === 'list' ? node.items : isText(node) ? [node] : undefined;
    if (names === undefined) return mapOr(node, phrase('names_or_map'));
    return { kind: 'map', at: node.at, entries: new Map(names.map((name) => [textOr(name), value(name)])) };
  };
  return (base, over, rules) => mergeMaps(asMap(base), asMap(over), rules);
}

function dependency(name: Located): Located {
  return mapAt(name.at, { condition: textAt(name.at, 'service_started'), required: flagAt(name.at, true) });
}

/** Address pools are told apart by subnet. Those of one file that the other does not name may get lost: so in Compose. */
function mergePools(base: Located, over: Located, rules: PathRules<Merge>): Located {
  if (isNull(over)) return base;
  if (base.kind !== 'list' || over.kind !== 'list')
    throw invalid(over.at, phrase('list_of_pools'), describeFound(over));
  const pools: LocatedMap[] = [];
  const indexOf = (pool: LocatedMap) => pools.findIndex((other) => isSameSubnet(other, pool));
  for (const item of base.items)
    for (const other of over.items) {
      const [left, right] = [mapOr(item), mapOr(other)];
      if (!isSameSubnet(left, right) && indexOf(right) === -1) pools.push(right);
      else {
        const merged = mergeMaps(left, right, rules);
        const index = indexOf(merged);
        if (index === -1) pools.push(merged);
        else pools[index] = merged;
      }
    }
  return listAt(over.at, pools);
}

function isSameSubnet(a: LocatedMap, b: LocatedMap): boolean {
  const [left, right] = [child(a, 'subnet'), child(b, 'subnet')];
  return left === undefined || right === undefined ? left === right : isSame(left, right);
}
