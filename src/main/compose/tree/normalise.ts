import type { Located, LocatedMap } from '../located.ts';
import { child, flagAt, isNull, isText, mapAt, nullAt, textAt, withEntries } from './nodes.ts';
import { pathRules, type Rewrite, rewriteNode } from './path-rules.ts';

/** Names, the default network and implied dependencies. Source: `loader/normalize.go` of compose-go 2.9. */
export function normalise(root: LocatedMap, project: string): LocatedMap {
  const normalised = rewriteNode(
    root,
    pathRules<Rewrite>({
      'services.*': service,
      'services.*.build': dockerfile,
      'services.*.pull_policy': (node) =>
        isText(node) && node.value === 'if_not_present' ? textAt(node.at, 'missing') : node,
    }),
  );
  const tree = normalised.kind === 'map' ? withDefaultNetwork(normalised) : root;
  const changes: Record<string, Located> = {};
  for (const section of ['networks', 'volumes', 'configs', 'secrets']) {
    const node = child(tree, section);
    if (node?.kind !== 'map') continue;
    const entries = [...node.entries].map(([key, value]) => [key, named(key, value, project)] as const);
    changes[section] = { ...node, entries: new Map(entries) };
  }
  return withEntries(tree, changes);
}

function named(key: string, node: Located, project: string): Located {
  const map = isNull(node) ? mapAt(node.at, {}) : node;
  if (map.kind !== 'map' || map.entries.has('name')) return map;
  const external = child(map, 'external');
  const isExternal = external?.kind === 'scalar' && /^(true|yes|y|on)$/i.test(external.text);
  return withEntries(map, { name: textAt(map.at, isExternal ? key : `${project}_${key}`) });
}

function withDefaultNetwork(root: LocatedMap): LocatedMap {
  const networks = child(root, 'networks');
  if (networks !== undefined && networks.kind !== 'map') return root;
  const before = networks ?? mapAt(root.at, {});
  if (before.entries.has('default')) return root;
  return withEntries(root, { networks: withEntries(before, { default: nullAt(before.at) }) });
}

function dockerfile(node: Located): Located {
  if (node.kind !== 'map' || node.entries.has('dockerfile') || node.entries.has('dockerfile_inline'))
    return node;
  return withEntries(node, { dockerfile: textAt(node.at, 'Dockerfile') });
}

function service(node: Located): Located {
  if (node.kind !== 'map') return node;
  const dependencies = implied(node);
  const networks = child(node, 'networks');
  const isEmpty = networks === undefined || (networks.kind === 'map' && networks.entries.size === 0);
  const needsNetwork = isEmpty && !node.entries.has('network_mode') && !node.entries.has('provider');
  const changes: Record<string, Located> = {};
  if (needsNetwork) changes.networks = mapAt(node.at, { default: nullAt(node.at) });
  if (dependencies.size > 0) {
    const before = child(node, 'depends_on');
    if (before !== undefined && before.kind !== 'map') return node;
    const entries = new Map([...dependencies, ...(before?.entries ?? [])]);
    changes.depends_on = { kind: 'map', at: before?.at ?? node.at, entries };
  }
  return withEntries(node, changes);
}

/** Services that this one names elsewhere. */
function implied(service: LocatedMap): ReadonlyMap<string, Located> {
  const found = new Map<string, Located>();
  const add = (name: string, node: Located, restart: boolean) => {
    if (found.has(name)) return;
    const entry = { condition: textAt(node.at, 'service_started'), required: flagAt(node.at, true) };
    found.set(name, mapAt(node.at, restart ? { ...entry, restart: flagAt(node.at, true) } : entry));
  };
  for (const link of textsOf(child(service, 'links'))) add(link.value.split(':')[0] ?? '', link, true);
  for (const key of ['network_mode', 'ipc', 'pid', 'uts', 'cgroup']) {
    const node = child(service, key);
    if (isText(node) && node.value.startsWith('service:'))
      add(node.value.slice('service:'.length), node, true);
  }
  for (const volume of textsOf(child(service, 'volumes_from')))
    if (!volume.value.startsWith('container:')) add(volume.value.split(':')[0] ?? '', volume, false);
  return found;
}

function textsOf(node: Located | undefined) {
  return node?.kind === 'list' ? node.items.filter(isText) : [];
}
