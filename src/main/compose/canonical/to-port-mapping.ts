import { phrase, verbatim } from '../../../shared/errors/phrases/phrase.ts';
import type { PortDefinition } from '../definition.ts';
import { invalid, type Place } from '../located.ts';
import type { PortMapping } from '../project.ts';

const MAX_PORT = 65_535;

/** A port as the engine takes it; what Compose passes on and the engine would refuse is refused here. */
export function toPortMapping(port: PortDefinition, at: Place): PortMapping {
  const { target, protocol = 'tcp', host_ip: hostIp = '', published } = port;
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp')
    throw invalid(at, phrase('protocol'), verbatim(JSON.stringify(protocol)));
  if (!isPort(target) || target === 0)
    throw invalid(at, phrase('port_of_container'), verbatim(String(target)));
  const mapping: PortMapping = { hostIp, target, protocol };
  if (published === undefined) return mapping;
  const [, first = '', last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(published) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first === '' || !isPort(from) || !isPort(to) || from > to)
    throw invalid(at, phrase('ports_in_range'), verbatim(JSON.stringify(published)));
  // Port 0 asks the engine to choose, as no port does.
  if (to === 0) return mapping;
  return { hostIp, published: from, ...(to === from ? {} : { publishedEnd: to }), target, protocol };
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= MAX_PORT;
}
