import type { FastifyInstance } from 'fastify';

/** Above Adobe's 2 MB a batch: a body over the limit is answered 413, and Adobe never sends it again. */
const BODY_LIMIT = 3 * 1024 * 1024;

/**
 * Hands every body to its controller as the bytes that came, because signatures are over exactly those. Of any content
 * type: binary CloudEvents may carry anything, and each door says itself what it does not take.
 */
export function registerBodyParsers(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) => {
    done(null, body);
  });
}
