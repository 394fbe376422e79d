import type { FastifyInstance } from 'fastify';
import { BodyReceiver } from './door/body-receiver.js';
import { DoorError } from './door/door-error.js';

/**
 * Hands every body to its controller as the bytes that came, because signatures are over exactly those. Of any content
 * type: binary CloudEvents may carry anything, and each door says itself what it does not take.
 */
export function registerBodyParsers(fastify: FastifyInstance): void {
  const receiver = new BodyReceiver();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', ({ headers }, payload, done) => {
    if (isEncoded(headers['content-encoding']) || (headers['transfer-encoding'] ?? 'chunked') !== 'chunked')
      done(encoded());
    else receiver.receive(payload, Number(headers['content-length'] ?? NaN), done);
  });
}

function isEncoded(contentEncoding: string | undefined): boolean {
  return contentEncoding !== undefined && !/^(?:identity)?$/i.test(contentEncoding.trim());
}

/** A few bytes can unfold into more than fits in any memory. */
function encoded(): DoorError {
  return new DoorError(
    415,
    'unsupported_encoding',
    'Send the body as it is: compressed bodies are not taken.',
    { 'accept-encoding': 'identity' },
  );
}
