/** Adobe gives an attempt 10 s, connection set-up included; nobody who is slower gets an answer in time. */
const WHOLE_REQUEST_MS = 15_000;
const HEADERS_MS = 10_000;
/** A connection on which nothing happens; longer than Fastify keeps one open for the next request. */
const SILENCE_MS = 75_000;
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
} as const;
