import type { IncomingMessage } from 'node:http';

/** Adobe gives an attempt 10 s, connection set-up included; nobody who is slower gets an answer in time. */
const WHOLE_REQUEST_MS = 15_000;
const HEADERS_MS = 10_000;
/** A connection on which nothing happens; longer than Fastify keeps one open for the next request. */
const SILENCE_MS = 75_000;
const SCHEME_AND_HOST = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;
/** How often Node looks for requests that are too slow; its own default would let each live half a minute longer. */
const LOOK_EVERY_MS = 2_000;

/**
 * What a request may take before it is known who sends it, as options of Fastify. Without them a connection that sends
 * all but the last byte of a body stays open, and its bytes in memory, for as long as its sender likes.
 */
export const REQUEST_LIMITS = {
  connectionTimeout: SILENCE_MS,
  requestTimeout: WHOLE_REQUEST_MS,
  http: { headersTimeout: HEADERS_MS, connectionsCheckingInterval: LOOK_EVERY_MS },
  rewriteUrl: ({ url = '/' }: IncomingMessage): string => originForm(url),
} as const;

/**
 * A request may name its target with scheme and host, as if to a proxy. Whatever looks at paths would take
 * `http://x/ingest/…` for another place than the router does.
 */
function originForm(url: string): string {
  const path = url.replace(SCHEME_AND_HOST, '');
  return path.startsWith('/') ? path : `/${path}`;
}
