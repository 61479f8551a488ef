import type { PortDefinition, ServiceDefinition } from '../../compose/definition.ts';

export function exposedPorts(definition: ServiceDefinition): Readonly<Record<string, object>> | undefined {
  const { expose = [], ports = [] } = definition;
  const all = [...ports.map(portKey), ...expose.map((port) => (port.includes('/') ? port : `${port}/tcp`))];
  return all.length === 0 ? undefined : Object.fromEntries(all.map((port) => [port, {}]));
}

export function portBindings({ ports = [] }: ServiceDefinition) {
  if (ports.length === 0) return undefined;
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of ports) {
    const key = portKey(port);
    const binding = { HostIp: port.host_ip ?? '', HostPort: port.published ?? '' };
    bindings[key] = [...(bindings[key] ?? []), binding];
  }
  return bindings;
}

/** The engine hands out the ports of a range without a lock, so two starts at once may be given the same one. */
export function hasPortRange({ ports = [] }: ServiceDefinition): boolean {
  return ports.some(({ published }) => published?.includes('-'));
}

function portKey({ target, protocol = 'tcp' }: PortDefinition): string {
  return `${target}/${protocol}`;
}
