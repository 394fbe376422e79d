import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** A year; browsers that saw it never speak plain HTTP to this name again. */
const HSTS = 'max-age=31536000';

/** Nothing here is a page: browsers are to run, frame, guess and keep nothing of it. */
export async function registerSecurityHeaders(fastify: FastifyInstance): Promise<void> {
  await fastify.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    // Below, where it is known how the request came.
    strictTransportSecurity: false,
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('cache-control', 'no-store');
    // It is https only when the connection is, or a trusted proxy says so.
    if (request.protocol === 'https') void reply.header('strict-transport-security', HSTS);
    done();
  });
}
