import { phrase, verbatim } from '../../../shared/errors/phrases/phrase.ts';
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
  withEntries,
} from './nodes.ts';
import { expandMount } from './parse-mount.ts';
import { expandPorts, type PortBudget } from './parse-ports.ts';
import { pathRules, type Rewrite, rewriteTree } from './path-rules.ts';
import { mappingOf } from './sequences.ts';

/**
 * Every short form that stands for a structure, in its long form; what is a list of `NAME=value` stays one, because
 * the next file's are added to it. Source: `transform/canonical.go` of compose-go 2.9.
 */
export function toLongForm(root: LocatedMap, budget: PortBudget): LocatedMap {
  return rewriteTree(
    root,
    pathRules<Rewrite>({
      'services.*.build': buildMap,
      'services.*.build.secrets.*': fileReference,
      'services.*.build.additional_contexts': (node) => mappingOf(node, 'empty'),
      'services.*.build.ssh': sshKeys,
      'services.*.depends_on': dependencies,
      'services.*.env_file': envFiles,
      'services.*.label_file': listOfTexts,
      'services.*.extends': extension,
      'services.*.gpus': deviceRequests,
      'services.*.networks': namesWithoutValue,
      'services.*.models': namesWithoutValue,
      'services.*.volumes.*': expandMount,
      'services.*.dns': listOfTexts,
      'services.*.dns_search': listOfTexts,
      'services.*.tmpfs': listOfTexts,
      'services.*.devices.*': device,
      'services.*.secrets.*': fileReference,
      'services.*.configs.*': fileReference,
      'services.*.ports': (node) => expandPorts(node, budget),
      'services.*.develop.watch.*.ignore': listOfTexts,
      'services.*.develop.watch.*.include': listOfTexts,
      'volumes.*': maybeExternal,
      'networks.*': maybeExternal,
      'secrets.*': maybeExternal,
      'configs.*': maybeExternal,
    }),
  );
}

function buildMap(node: Located): Located {
  return isText(node) ? mapAt(node.at, { context: node }) : mapOr(node, phrase('folder_or_map'));
}

function fileReference(node: Located): Located {
  return isText(node) ? mapAt(node.at, { source: node }) : mapOr(node, phrase('name_or_map'));
}

function sshKeys(node: Located): Located {
  if (node.kind === 'map') return node;
  if (node.kind !== 'list') throw invalid(node.at, phrase('list_of_keys'), describeFound(node));
  const keys = mappingOf(node, 'null');
  for (const [id, path] of keys.entries)
    if (isNull(path) && id !== 'default')
      throw invalid(path.at, phrase('default_or_id_path'), verbatim(JSON.stringify(id)));
  return keys;
}

/** What a map leaves out is for its reader to say: Compose takes no entry without a condition. */
function dependencies(node: Located): Located {
  if (node.kind !== 'list') return mapOr(node, phrase('services_or_map'));
  const names = node.items.map((item): [string, Located] => [
    textOr(item),
    mapAt(item.at, { condition: textAt(item.at, 'service_started'), required: flagAt(item.at, true) }),
  ]);
  return { kind: 'map', at: node.at, entries: new Map(names) };
}

function envFiles(node: Located): Located {
  const items = node.kind === 'list' ? node.items : [node];
  return listAt(
    node.at,
    items.map((item) => {
      const file = isText(item) ? mapAt(item.at, { path: item }) : mapOr(item, phrase('path_or_map'));
      return child(file, 'required') === undefined
        ? withEntries(file, { required: flagAt(item.at, true) })
        : file;
    }),
  );
}

function listOfTexts(node: Located): Located {
  return isText(node) ? listAt(node.at, [node]) : node;
}

function extension(node: Located): Located {
  return isText(node) ? mapAt(node.at, { service: node }) : mapOr(node, phrase('service_or_map'));
}

function deviceRequests(node: Located): Located {
  if (!isText(node)) return node;
  return listAt(node.at, [mapAt(node.at, { count: textAt(node.at, 'all') })]);
}

function namesWithoutValue(node: Located): Located {
  if (node.kind !== 'list') return isNull(node) ? node : mapOr(node, phrase('names_or_map'));
  const names = node.items.map((item): [string, Located] => [textOr(item), nullAt(item.at)]);
  return { kind: 'map', at: node.at, entries: new Map(names) };
}

/** `source`, `source:target` or `source:target:permissions`. */
function device(node: Located): Located {
  if (!isText(node)) return node;
  const [source = '', target = source, permissions = 'rwm', ...more] = node.value.split(':');
  if (more.length > 0) throw invalid(node.at, phrase('device'), describeFound(node));
  return mapAt(node.at, {
    source: textAt(node.at, source),
    target: textAt(node.at, target),
    permissions: textAt(node.at, permissions),
  });
}

/** `external: {name: x}`, which was Compose's form until version 3.4 of its files. */
function maybeExternal(node: Located): Located {
  const external = child(node, 'external');
  if (node.kind !== 'map' || external?.kind !== 'map') return node;
  const [name, before] = [child(external, 'name'), child(node, 'name')];
  if (name !== undefined && before !== undefined && !isSame(name, before))
    throw invalid(name.at, phrase('only_name'), phrase('another_name_in_external'));
  return withEntries(node, { external: flagAt(external.at, true), name: before ?? name });
}
