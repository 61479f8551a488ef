import type { Located } from './located.ts';
import { describeFound, invalid } from './located.ts';
import type { Network, Volume } from './project.ts';
import { asFlag, asNamedTexts, asText, MapReader } from './read-values.ts';

export function readNetwork(project: string, key: string, node: Located): Network {
  const map = new MapReader(node, ['name', 'external', 'driver', 'internal', 'ipam', 'labels']);
  const external = map.or('external', false, asFlag);
  return {
    key,
    name: map.or('name', external ? key : `${project}_${key}`, asText),
    definition: { name: map.or('name', external ? key : `${project}_${key}`, asText), ipam: {} },
    external,
    ...map.optional('driver', 'driver', asText),
    internal: map.or('internal', false, asFlag),
    ipam: map.or('ipam', [], readIpam),
    labels: map.or('labels', {}, asNamedTexts),
  };
}

/** What Compose makes for services that name no network. */
export function defaultNetwork(project: string): Network {
  return {
    key: 'default',
    name: `${project}_default`,
    definition: { name: `${project}_default`, ipam: {} },
    external: false,
    internal: false,
    ipam: [],
    labels: {},
  };
}

export function readVolume(project: string, key: string, node: Located): Volume {
  const map = new MapReader(node, ['name', 'external', 'driver', 'driver_opts', 'labels']);
  const external = map.or('external', false, asFlag);
  return {
    key,
    name: map.or('name', external ? key : `${project}_${key}`, asText),
    definition: { name: map.or('name', external ? key : `${project}_${key}`, asText) },
    external,
    ...map.optional('driver', 'driver', asText),
    driverOpts: map.or('driver_opts', {}, asNamedTexts),
    labels: map.or('labels', {}, asNamedTexts),
  };
}

function readIpam(node: Located): Network['ipam'] {
  const config = new MapReader(node, ['driver', 'config']).get('config');
  if (config === undefined) return [];
  if (config.kind !== 'list') throw invalid(config.at, 'a list', describeFound(config));
  return config.items.map((item) => {
    const map = new MapReader(item, ['subnet', 'gateway']);
    return { ...map.optional('subnet', 'subnet', asText), ...map.optional('gateway', 'gateway', asText) };
  });
}
