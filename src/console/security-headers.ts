import type { FastifyInstance } from 'fastify';

/** A year; browsers that saw it never speak plain HTTP to this name again. */
const HSTS = 'max-age=31536000';

/** Nothing here is a page: browsers are to run, frame, guess, share and keep nothing of it. */
const NO_PAGE = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/** The same for every answer, so they are put together once and not for each. */
export function registerSecurityHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(NO_PAGE);
    // It is https only when the connection is, or a trusted proxy says so.
    if (request.protocol === 'https') void reply.header('strict-transport-security', HSTS);
    done();
  });
}
