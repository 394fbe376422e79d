import type { FastifyInstance } from 'fastify';
import { BodyReceiver } from './body-receiver.js';

/**
 * Hands every body to its controller as the bytes that came, because signatures are over exactly those. Of any content
 * type: binary CloudEvents may carry anything, and each door says itself what it does not take.
 */
export function registerBodyParsers(fastify: FastifyInstance): void {
  const receiver = new BodyReceiver();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', ({ headers }, payload, done) => {
    receiver.receive(payload, Number(headers['content-length'] ?? NaN), done);
  });
}
