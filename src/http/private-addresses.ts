import { lookup as resolve, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The target, or an address that its name resolves to, is not on the public internet. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
  constructor(readonly address: string) {
    super(`${address} is not a public address`);
  }
}

/** The part of IPv6 that is given out for the public internet (RFC 4291, 2.4, as assigned by IANA). */
const PUBLIC_IPV6 = ipaddr.parseCIDR('2000::/3');

/**
 * True only for addresses of the public internet. Loopback, private, link-local (cloud metadata), carrier-grade NAT,
 * multicast and reserved ranges are not, nor is IPv6 that wraps such an IPv4 address or was never given out.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(PUBLIC_IPV6);
}

/** Throws when a host is written as an address that is not public. Names pass: they are judged once resolved. */
export function refusePrivateLiteral(hostname: string): void {
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0 && !isPublicAddress(bare)) throw new PrivateAddressError(bare);
}

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

/**
 * `dns.lookup` that fails when any address of the name is not public. The connection is made to the very addresses
 * judged here, so a name that changes its answer in between gains nothing.
 */
export function publicLookup(hostname: string, options: LookupOptions, callback: LookupCallback): void {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) {
      callback(error, '');
      return;
    }
    const refused = addresses.find(({ address }) => !isPublicAddress(address));
    const first = addresses[0];
    if (refused !== undefined) callback(new PrivateAddressError(refused.address), '');
    else if (options.all === true) callback(null, addresses);
    else callback(null, first?.address ?? '', first?.family);
  });
}
