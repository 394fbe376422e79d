import ipaddr from 'ipaddr.js';

/** Whoever has one IPv6 address has all of its /64. */
const IPV6_SHARED_PARTS = 4;

/** What one visitor can be taken to own of the address space: an IPv4 address, or the first half of an IPv6 one. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv6) return parsed.parts.slice(0, IPV6_SHARED_PARTS).join(':');
  return parsed.toString();
}
