import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import { describeFound, invalid, type Located, type LocatedMap } from '../located.ts';
import { child, isText, listAt, printed } from './nodes.ts';
import { parseMount } from './parse-mount.ts';
import { pathRules, type Rewrite, rewriteTree } from './path-rules.ts';

type KeyOf = (item: Located) => string;

const UNIQUE = pathRules<Rewrite>({
  'networks.*.labels': unique(nameOf),
  'networks.*.ipam.options': unique(nameOf),
  'volumes.*.labels': unique(nameOf),
  'services.*.annotations': unique(nameOf),
  'services.*.build.args': unique(nameOf),
  'services.*.build.additional_contexts': unique(nameOf),
  'services.*.build.platform': unique(nameOf),
  'services.*.build.tags': unique(nameOf),
  'services.*.build.labels': unique(nameOf),
  'services.*.cap_add': unique(nameOf),
  'services.*.cap_drop': unique(nameOf),
  'services.*.devices': unique(mountTarget),
  'services.*.configs': unique(fileTarget('')),
  'services.*.deploy.labels': unique(nameOf),
  'services.*.dns': unique(nameOf),
  'services.*.dns_opt': unique(nameOf),
  'services.*.dns_search': unique(nameOf),
  'services.*.environment': unique(nameOf),
  'services.*.env_file': unique(envFile),
  'services.*.expose': unique(scalarText),
  'services.*.labels': unique(nameOf),
  'services.*.links': unique(nameOf),
  'services.*.networks.*.aliases': unique(nameOf),
  'services.*.networks.*.link_local_ips': unique(nameOf),
  'services.*.ports': unique(portKey),
  'services.*.profiles': unique(nameOf),
  'services.*.secrets': unique(fileTarget('/run/secrets')),
  'services.*.sysctls': unique(nameOf),
  'services.*.tmpfs': unique(nameOf),
  'services.*.volumes': unique(mountTarget),
});

/**
 * Lists in which a later item takes the place of an earlier one of the same name, target or port.
 * Source: `override/uncity.go` of compose-go 2.9.
 */
export function keepLastOfEach(root: LocatedMap): LocatedMap {
  return rewriteTree(root, UNIQUE);
}

function unique(keyOf: KeyOf): Rewrite {
  return (node) => {
    if (node.kind !== 'list') return node;
    const items = new Map<string, Located>();
    for (const item of node.items) items.set(keyOf(item), item);
    return items.size === node.items.length ? node : listAt(node.at, [...items.values()]);
  };
}

function scalarText(item: Located): string {
  if (item.kind !== 'scalar' || item.value === null)
    throw invalid(item.at, phrase('text'), describeFound(item));
  return printed(item);
}

function nameOf(item: Located): string {
  const text = scalarText(item);
  const equals = text.indexOf('=');
  return equals === -1 ? text : text.slice(0, equals);
}

function mountTarget(item: Located): string {
  if (item.kind !== 'map') return isText(item) ? parseMount(item).target : scalarText(item);
  const target = child(item, 'target');
  if (!isText(target)) throw invalid(item.at, phrase('mount_with_target'), phrase('no_target'));
  return target.value;
}

function fileTarget(folder: string): KeyOf {
  return (item) => {
    if (item.kind !== 'map') return `${folder}/${scalarText(item)}`;
    const target = child(item, 'target');
    if (target !== undefined) return scalarText(target);
    const source = child(item, 'source');
    return source === undefined ? `${folder}/` : `${folder}/${scalarText(source)}`;
  };
}

function envFile(item: Located): string {
  if (item.kind !== 'map') return scalarText(item);
  const path = child(item, 'path');
  if (path === undefined) throw invalid(item.at, phrase('env_file_with_path'), phrase('no_path'));
  return scalarText(path);
}

/** In Compose a published port given as a number is another one than the same as a text. */
function portKey(item: Located): string {
  if (item.kind !== 'map') return scalarText(item);
  const part = (key: string, otherwise: string) => {
    const node = child(item, key);
    return node === undefined ? otherwise : scalarText(node);
  };
  if (child(item, 'target') === undefined)
    throw invalid(item.at, phrase('port_with_target'), phrase('no_target'));
  const published = child(item, 'published');
  const kind = published?.kind === 'scalar' ? typeof published.value : 'none';
  const host = part('host_ip', '0.0.0.0');
  return `map:${host}:${kind} ${part('published', '')}:${part('target', '')}/${part('protocol', 'tcp')}`;
}
