import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';

const FORWARDING = /^(?:x-forwarded(?:-.+)?|forwarded|x-real-ip|via)$/;
const LOCAL_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * True when somebody on this machine asks directly: from loopback, through no proxy, and for a host of that name, so
 * that a page in a browser on this machine cannot ask in the name of a domain that it bent to loopback.
 */
export function isFromThisMachine({ headers, raw }: FastifyRequest): boolean {
  const address = raw.socket.remoteAddress;
  if (address === undefined || !ipaddr.isValid(address)) return false;
  if (ipaddr.process(address).range() !== 'loopback') return false;
  if (Object.keys(headers).some((name) => FORWARDING.test(name))) return false;
  return LOCAL_HOST.test(headers.host ?? '');
}
