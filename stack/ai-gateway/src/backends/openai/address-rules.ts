import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** An address that no upstream may have. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  readonly code = 'ERR_ADDRESS_REFUSED';
  readonly hint: string;

  constructor(address: string) {
    super(`${address} is a link-local, metadata or group address.`);
    this.hint = 'If a model server really is there, set allowLinkLocal of the backend.';
  }
}

/**
 * Addresses where clouds hand a machine its own credentials, and ones that are no single machine. Loopback and private
 * networks are where self-hosted models live; they are not refused.
 */
const REFUSED = new BlockList();
REFUSED.addSubnet('169.254.0.0', 16);
REFUSED.addAddress('100.100.100.200'); // Alibaba Cloud
REFUSED.addAddress('168.63.129.16'); // Azure
REFUSED.addAddress('192.0.0.192'); // Oracle Cloud
REFUSED.addSubnet('224.0.0.0', 4);
REFUSED.addAddress('255.255.255.255');
REFUSED.addSubnet('fe80::', 10, 'ipv6');
REFUSED.addAddress('fd00:ec2::254', 'ipv6'); // AWS
REFUSED.addAddress('fd20:ce::254', 'ipv6'); // Google Cloud
REFUSED.addSubnet('ff00::', 8, 'ipv6');

/** Whether an IP address is one of those; in IPv6's clothes (::ffff:…, NAT64) an IPv4 address is still itself. */
export function isRefusedAddress(address: string): boolean {
  const bare = address.replace(/%.*$/, '');
  const family = isIP(bare);
  if (family === 4) return REFUSED.check(bare, 'ipv4');
  if (family !== 6) return false;
  if (REFUSED.check(bare, 'ipv6')) return true;
  const embedded = embeddedIPv4(bare);
  return embedded !== undefined && REFUSED.check(embedded, 'ipv4');
}

/** The refusal of an address that stands in the configuration as numbers; names are looked at when they are resolved. */
export function refusalOf(baseUrl: string): AddressRefused | undefined {
  // URL has brought every way of writing IPv4 (hexadecimal, one number) into the usual form.
  const host = new URL(baseUrl).hostname.replace(/^\[|\]$/g, '');
  return isRefusedAddress(host) ? new AddressRefused(host) : undefined;
}

/** Resolves like `dns.lookup`, but fails when any of a name's addresses is refused: nobody knows which would be taken. */
export function guardedLookup(resolve: LookupFunction = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, options, (error, found: string | LookupAddress[], family) => {
      if (error !== null) return callback(error, found, family);
      const addresses = typeof found === 'string' ? [found] : found.map(({ address }) => address);
      const refused = addresses.find(isRefusedAddress);
      if (refused === undefined) callback(null, found, family);
      else callback(new AddressRefused(`${hostname} (${refused})`), found, family);
    });
  };
}

/** Of `::ffff:a.b.c.d` and `64:ff9b::a.b.c.d`, in whatever way they are written. */
function embeddedIPv4(address: string): string | undefined {
  // As URL writes it: hexadecimal, without leading zeros, shortened.
  const canonical = new URL(`http://[${address}]`).hostname;
  const match = /^\[(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(canonical);
  if (match === null) return undefined;
  const high = Number.parseInt(match[1] ?? '', 16);
  const low = Number.parseInt(match[2] ?? '', 16);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
