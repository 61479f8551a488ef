import { describeFound, invalid, type Located } from './located.ts';
import type { PortMapping } from './project.ts';
import { asText, asWhole, MapReader } from './read-values.ts';

const SHORT =
  /^(?:(\[[0-9a-f:]+\]|\d{1,3}(?:\.\d{1,3}){3}):)?(?:(\d+(?:-\d+)?)?:)?(\d+(?:-\d+)?)(?:\/(tcp|udp))?$/i;
const EXPECTED = 'a port such as 127.0.0.1:8080:80';

/** Short and long forms; ranges become one mapping per port. */
export function readPorts(node: Located): readonly PortMapping[] {
  if (node.kind !== 'list') throw invalid(node.at, 'a list of ports', describeFound(node));
  const ports = node.items.flatMap((item) => (item.kind === 'map' ? readLong(item) : readShort(item)));
  const seen = new Set<string>();
  return ports.filter((port) => {
    const key = `${port.hostIp}:${port.published ?? ''}:${port.target}/${port.protocol}`;
    return !seen.has(key) && seen.add(key);
  });
}

function readShort(node: Located): readonly PortMapping[] {
  const match = SHORT.exec(asText(node));
  if (match === null) throw invalid(node.at, EXPECTED, describeFound(node));
  const [, ip, published, target, protocol] = match;
  const hostIp = (ip ?? '').replace(/^\[|\]$/g, '');
  return expand(node, hostIp, published, target ?? '', protocol?.toLowerCase() === 'udp' ? 'udp' : 'tcp');
}

function readLong(node: Located): readonly PortMapping[] {
  const map = new MapReader(node, [
    'target',
    'published',
    'host_ip',
    'protocol',
    'mode',
    'name',
    'app_protocol',
  ]);
  const protocol = map.or('protocol', 'tcp', asText);
  if (protocol !== 'tcp' && protocol !== 'udp') throw invalid(node.at, 'protocol tcp or udp', protocol);
  const target = map.required('target', 'a port', asWhole);
  const published = map.get('published');
  const mode = map.or('mode', 'ingress', asText);
  if (mode !== 'ingress' && mode !== 'host') throw invalid(node.at, 'mode host or ingress', mode);
  return expand(
    node,
    map.or('host_ip', '', asText),
    published === undefined ? undefined : asText(published),
    String(target),
    protocol,
  );
}

function expand(
  node: Located,
  hostIp: string,
  published: string | undefined,
  target: string,
  protocol: 'tcp' | 'udp',
): readonly PortMapping[] {
  const targets = range(node, target);
  if (published === undefined) return targets.map((port) => ({ hostIp, target: port, protocol }));
  const hosts = range(node, published);
  if (hosts.length !== targets.length)
    throw invalid(node.at, 'as many published as container ports', `${published}:${target}`);
  return targets.map((port, index) => ({ hostIp, published: hosts[index] ?? 0, target: port, protocol }));
}

function range(node: Located, text: string): readonly number[] {
  const [first = Number.NaN, last = first] = text.split('-').map(Number);
  if (!Number.isInteger(first) || !(first >= 1 && first <= last && last <= 65535) || last - first > 1000)
    throw invalid(node.at, 'ports from 1 to 65535', text);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
