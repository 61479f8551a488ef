type Json = unknown;

/** Of the engine's own making, or different each time. */
// Of an endpoint's `IPAddress` only the engine is the author: what is asked for is in `IPAMConfig`.
const FOREIGN = new Set([
  'IPAddress',
  'Id',
  'Created',
  'Name',
  'ResolvConfPath',
  'HostnamePath',
  'HostsPath',
  'LogPath',
  'GraphDriver',
  'State',
  'SandboxID',
  'EndpointID',
  'NetworkID',
  'Containers',
  'CreatedAt',
  'Mountpoint',
]);
/** Labels in which we differ on purpose: our own, and the version whose conventions we follow. */
const LABELS = new Set(['com.skilldeck.config', 'com.docker.compose.version']);
/** Lists whose order means nothing; Compose's own is that of a Go map. */
const UNORDERED = new Set(['Env', 'Binds', 'Mounts', 'Ulimits', 'Links', 'Aliases', 'ExtraHosts']);

/**
 * For tests only: what the engine says of a container, network or volume, without what is different each time.
 *
 * @param ids names of containers by their id, so that references to them can be compared
 */
export function comparable(value: Json, ids: ReadonlyMap<string, string>, key = ''): Json {
  if (Array.isArray(value)) {
    const items = value
      .map((item) => comparable(item, ids))
      // The engine adds the first digits of the container's id to its aliases.
      .filter((item) => key !== 'Aliases' || !/^[0-9a-f]{12}$/.test(String(item)));
    return UNORDERED.has(key) ? items.map((item) => JSON.stringify(item)).sort() : items;
  }
  if (typeof value === 'string') {
    if (key === 'com.docker.compose.config-hash') return value;
    // Compose's order is that of a Go map, another one each time.
    if (key === 'com.docker.compose.depends_on') return value.split(',').sort().join(',');
    // The engine's default host name is the beginning of the id.
    if (key === 'Hostname' && /^[0-9a-f]{12}$/.test(value)) return '<id>';
    return value.replace(/\b[0-9a-f]{64}\b/g, (hex) => ids.get(hex) ?? '<id>');
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => !FOREIGN.has(name) && !LABELS.has(name));
  // Empty and absent are the same to the engine, and a port without a protocol is one of TCP.
  const named = (name: string) => (key === 'ExposedPorts' && !name.includes('/') ? `${name}/tcp` : name);
  const isNothing = (part: Json) =>
    part === null || (typeof part === 'object' && key !== 'ExposedPorts' && Object.keys(part).length === 0);
  return Object.fromEntries(
    entries
      .filter(([, part]) => !isNothing(part))
      .map(([name, part]) => [named(name), comparable(part, ids, name)] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}
