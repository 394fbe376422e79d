import type { FastifyRequest } from 'fastify';
import { badRequest, unsupportedType } from './door-error.js';

const JSON_TYPE = /^application\/(?:[\w.!#$&^-]+\+)?json *(?:;|$)/i;

export function isJsonType(contentType: string | undefined): boolean {
  return contentType !== undefined && JSON_TYPE.test(contentType);
}

/** The bytes of a JSON request. Throws 415 for another content type and 400 for no body at all. */
export function jsonBody(request: FastifyRequest): Buffer {
  if (!isJsonType(request.headers['content-type'])) throw unsupportedType();
  return anyBody(request);
}

export function anyBody({ body }: FastifyRequest): Buffer {
  if (!Buffer.isBuffer(body) || body.length === 0) throw badRequest('empty_body', 'The request has no body.');
  return body;
}
