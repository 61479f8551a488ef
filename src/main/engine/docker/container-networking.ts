import type { AttachmentDefinition, ServiceDefinition } from '../../compose/definition.ts';
import { containerName } from '../../plan/container-name.ts';
import { compareApiVersions, MULTI_NETWORK_CREATE } from './api-version.ts';
import type { ContainerSpecInput } from './container-spec.ts';
import { defined } from './defined.ts';

export type EndpointConfig = Readonly<Record<string, unknown>>;

export interface ContainerNetworking {
  readonly hostConfig: Readonly<Record<string, unknown>>;
  readonly config?: { readonly EndpointsConfig: Readonly<Record<string, EndpointConfig>> };
  readonly connectAfter: Readonly<Record<string, EndpointConfig>>;
  /** Of the container as a whole; API ≥ 1.44 has it on the endpoint. */
  readonly macAddress?: string;
  readonly warnings: readonly string[];
}

const GATEWAY_PRIORITY = '1.48';
const INTERFACE_NAME = 'com.docker.network.endpoint.ifname';

/** The network of a container and its endpoints; the one of highest priority is the first. */
export function containerNetworking(
  input: ContainerSpecInput,
  definition: ServiceDefinition,
): ContainerNetworking {
  const { project, links = [], apiVersion } = input;
  const none = { connectAfter: {}, warnings: [] };
  const own = links.length === 0 ? {} : { Links: links };
  const { mac_address: mac, network_mode: mode } = definition;
  const takesAll = compareApiVersions(apiVersion, MULTI_NETWORK_CREATE) >= 0;
  if (mode !== undefined && mode !== '')
    return { ...none, hostConfig: { NetworkMode: mode, ...own }, ...macOf(mac) };
  const keys = byPriority(definition.networks ?? {});
  if (keys.length === 0) return { ...none, hostConfig: { NetworkMode: 'none', ...own }, ...macOf(mac) };
  const endpoints = keys.map((key, index) => {
    const attachment = definition.networks?.[key] ?? {};
    const address = attachment.mac_address ?? (index === 0 && takesAll ? mac : undefined);
    const name = project.networks[key]?.name ?? `${project.name}_${key}`;
    return [name, endpoint(input, attachment, address)] as const;
  });
  const [primary] = endpoints;
  const primaryMac = definition.networks?.[keys[0] ?? '']?.mac_address ?? mac;
  return {
    hostConfig: { NetworkMode: primary?.[0] ?? 'none', ...own },
    config: { EndpointsConfig: Object.fromEntries(takesAll ? endpoints : endpoints.slice(0, 1)) },
    connectAfter: Object.fromEntries(takesAll ? [] : endpoints.slice(1)),
    ...(takesAll ? {} : macOf(primaryMac)),
    warnings: networkWarnings(definition, apiVersion),
  };
}

function macOf(macAddress: string | undefined) {
  return macAddress === undefined ? {} : { macAddress };
}

function endpoint(
  { project, service, number, links, oneOff, apiVersion }: ContainerSpecInput,
  attachment: AttachmentDefinition,
  mac: string | undefined,
): EndpointConfig {
  // A one-off must not be found under the service's name.
  const names = oneOff
    ? [oneOff.name]
    : [containerName(project, service, number), service.name, ...(attachment.aliases ?? [])];
  const { ipv4_address, ipv6_address, link_local_ips, interface_name, gw_priority } = attachment;
  const ipam = defined({
    IPv4Address: ipv4_address,
    IPv6Address: ipv6_address,
    LinkLocalIPs: link_local_ips,
  });
  const options = {
    ...(interface_name === undefined ? {} : { [INTERFACE_NAME]: interface_name }),
    ...attachment.driver_opts,
  };
  return defined({
    Aliases: [...new Set(names)],
    Links: links && links.length > 0 ? links : undefined,
    IPAMConfig: Object.keys(ipam).length === 0 ? undefined : ipam,
    MacAddress: mac,
    DriverOpts: Object.keys(options).length === 0 ? undefined : options,
    GwPriority: compareApiVersions(apiVersion, GATEWAY_PRIORITY) >= 0 ? gw_priority : undefined,
  });
}

/** Highest first, then by name: Compose's `NetworksByPriority`. */
function byPriority(networks: NonNullable<ServiceDefinition['networks']>): readonly string[] {
  const priority = (key: string) => networks[key]?.priority ?? 0;
  return Object.keys(networks).sort((a, b) => priority(b) - priority(a) || (a < b ? -1 : 1));
}

function networkWarnings({ networks = {} }: ServiceDefinition, apiVersion: string): readonly string[] {
  const attachments = Object.entries(networks);
  const tooOld = (version: string) => compareApiVersions(apiVersion, version) < 0;
  return [
    ...(tooOld(GATEWAY_PRIORITY)
      ? attachments
          .filter(([, attachment]) => attachment?.gw_priority)
          .map(([key]) => `networks.${key}.gw_priority needs Docker Engine 28 or newer; it is left out.`)
      : []),
    ...(tooOld(MULTI_NETWORK_CREATE) &&
    attachments.filter(([, attachment]) => attachment?.mac_address).length > 1
      ? ['More than one MAC address needs Docker Engine 25 or newer; only the first network gets its own.']
      : []),
  ];
}
