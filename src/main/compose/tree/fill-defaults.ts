import type { Located, LocatedMap } from '../located.ts';
import { child, isText, textAt, withEntries } from './nodes.ts';
import { pathRules, type Rewrite, rewriteTree } from './path-rules.ts';
import { mappingOf } from './sequences.ts';

const values: Rewrite = (node) => (node.kind === 'list' ? mappingOf(node, 'empty') : node);
const variables: Rewrite = (node) => (node.kind === 'list' ? mappingOf(node, 'null') : node);

const DEFAULTS = pathRules<Rewrite>({
  'services.*.annotations': values,
  'services.*.environment': variables,
  'services.*.labels': values,
  'services.*.sysctls': values,
  'services.*.build': (node) => withDefault(node, 'context', '.'),
  'services.*.build.args': variables,
  'services.*.build.labels': values,
  'services.*.deploy.labels': values,
  'services.*.deploy.resources.reservations.devices.*.options': values,
  'services.*.gpus.*.options': values,
  'services.*.post_start.*.environment': variables,
  'services.*.pre_stop.*.environment': variables,
  'services.*.develop.watch.*.exec.environment': variables,
  'services.*.volumes.*.volume.labels': values,
  'services.*.secrets.*': secretTarget,
  'services.*.ports.*': (node) => withDefault(withDefault(node, 'mode', 'ingress'), 'protocol', 'tcp'),
  'networks.*.labels': values,
  'volumes.*.labels': values,
  'secrets.*.labels': values,
  'configs.*.labels': values,
});

/** Once all files are merged: lists of `NAME=value` become maps, and what Compose says for who says nothing. */
export function fillDefaults(root: LocatedMap): LocatedMap {
  return rewriteTree(root, DEFAULTS);
}

function withDefault(node: Located, key: string, value: string): Located {
  if (node.kind !== 'map' || node.entries.has(key)) return node;
  return withEntries(node, { [key]: textAt(node.at, value) });
}

function secretTarget(node: Located): Located {
  const source = child(node, 'source');
  return isText(source) ? withDefault(node, 'target', `/run/secrets/${source.value}`) : node;
}
