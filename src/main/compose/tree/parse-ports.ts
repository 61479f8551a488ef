import { phrase } from '../../../shared/errors/phrases/phrase.ts';
import { describeFound, invalid, type Located, type LocatedScalar } from '../located.ts';
import { listAt, mapAt, numberAt, printed, textAt } from './nodes.ts';

interface PortSpec {
  readonly hostIp: string;
  /** A port, a range, or empty: the engine chooses. */
  readonly published: string;
  readonly target: number;
  readonly protocol: string;
}

interface PortRange {
  readonly start: number;
  readonly end: number;
}

const EXAMPLE = phrase('port_example');

/** How many ports the files of a project may still become: a range of eleven characters is 65,535 of them. */
export interface PortBudget {
  ports: number;
}

/** The long form of all ports of a service: a range is several. */
export function expandPorts(node: Located, budget: PortBudget): Located {
  if (node.kind !== 'list') throw invalid(node.at, phrase('list_of_ports'), describeFound(node));
  const items = node.items.flatMap((item) => {
    if (item.kind === 'map') return [item];
    const ports = parsePorts(item);
    budget.ports -= ports.length;
    if (budget.ports < 0) throw invalid(item.at, phrase('no_more_ports'), phrase('too_many'));
    return ports.map(longForm(item));
  });
  return listAt(node.at, items);
}

function longForm(item: Located): (port: PortSpec) => Located {
  const { at } = item;
  return (port) =>
    mapAt(at, {
      mode: textAt(at, 'ingress'),
      host_ip: port.hostIp === '' ? undefined : textAt(at, port.hostIp),
      target: numberAt(at, port.target),
      published: port.published === '' ? undefined : textAt(at, port.published),
      protocol: textAt(at, port.protocol),
    });
}

/** Sorted as Compose sorts them: as texts. Source: `ParsePortSpec` of docker/go-connections. */
function parsePorts(item: Located): readonly PortSpec[] {
  const text = item.kind === 'scalar' && item.value !== null ? printed(item) : undefined;
  const ports = text === undefined ? undefined : readPorts(text);
  if (ports === undefined) throw invalid(item.at, EXAMPLE, describeFound(item as LocatedScalar));
  return ports;
}

function readPorts(text: string): readonly PortSpec[] | undefined {
  const { host, published, container } = splitParts(text);
  const [inside = '', kind = ''] = container.split('/');
  const protocol = kind.toLowerCase() || 'tcp';
  const hostIp = readHost(host);
  const target = readRange(inside);
  const outside = published === '' ? undefined : readRange(published);
  if (!['tcp', 'udp', 'sctp'].includes(protocol) || hostIp === undefined) return undefined;
  if (target === undefined || target.start === 0) return undefined;
  if (published !== '' && outside === undefined) return undefined;
  const isOne = target.start === target.end;
  if (outside === undefined)
    return all(target, (port) => ({ hostIp, published: '', target: port, protocol }));
  if (isOne) {
    const range = outside.start === outside.end ? `${outside.start}` : `${outside.start}-${outside.end}`;
    return [{ hostIp, published: range, target: target.start, protocol }];
  }
  if (outside.end - outside.start !== target.end - target.start) return undefined;
  const offset = outside.start - target.start;
  return all(target, (port) => ({ hostIp, published: `${port + offset}`, target: port, protocol }));
}

function all(range: PortRange, make: (port: number) => PortSpec): readonly PortSpec[] {
  const numbers = Array.from({ length: range.end - range.start + 1 }, (_, index) => range.start + index);
  return numbers.map(make).sort((a, b) => (String(a.target) < String(b.target) ? -1 : 1));
}

function splitParts(text: string): { host: string; published: string; container: string } {
  const parts = text.split(':');
  const container = parts.pop() ?? '';
  const published = parts.pop() ?? '';
  return { host: parts.join(':'), published, container };
}

function readRange(text: string): PortRange | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (match === null) return undefined;
  const start = Number(match[1]);
  const end = match[2] === undefined ? start : Number(match[2]);
  return end < start || end > 65_535 ? undefined : { start, end };
}

/** An address; one of version 6 stands in brackets. Undefined when it is none. */
function readHost(text: string): string | undefined {
  if (text === '' || isIpv4(text)) return text;
  const bare = /^\[(.*)\]$/.exec(text)?.[1];
  return bare !== undefined && (isIpv6(bare) || isIpv4(bare)) ? bare : undefined;
}

function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
}

function isIpv6(text: string): boolean {
  const [left, right, ...more] = text.split('::');
  if (more.length > 0 || !text.includes(':')) return false;
  const groups = [left, right].flatMap((half) => (half === undefined || half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const embedded = isIpv4(last);
  const count = groups.length + (embedded ? 1 : 0);
  const valid = (embedded ? groups.slice(0, -1) : groups).every((group) => /^[\da-f]{1,4}$/i.test(group));
  return valid && (right === undefined ? count === 8 : count < 8);
}
