import { type PipeTransform, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { badRequest } from './api-error.js';

const MOST_BYTES = 16 * 1024;

/** A body as JSON. The process takes all bodies as bytes, because senders sign those. */
export class JsonBody implements PipeTransform {
  transform(body: unknown): unknown {
    if (!Buffer.isBuffer(body) || body.length === 0) throw badRequest('Send a JSON object as the body.');
    if (body.length > MOST_BYTES) throw badRequest(`The body may have ${MOST_BYTES} bytes.`);
    try {
      return JSON.parse(body.toString('utf8')) as unknown;
    } catch {
      throw badRequest('The body is not JSON.');
    }
  }
}

/** Holds input against its class; a message of the class completes the sentence "give …". */
export const CHECKED = new ValidationPipe({
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  exceptionFactory: (errors: ValidationError[]) =>
    badRequest(errors.flatMap((error) => sentences(error)).join(' ')),
});

/** `inside`: the members that lead to this one. */
function sentences({ property, constraints, children = [] }: ValidationError, inside = ''): string[] {
  const member = `${inside}${property}`;
  if (constraints === undefined) return children.flatMap((child) => sentences(child, `${member}.`));
  if ('whitelistValidation' in constraints) return [`There is no member ${JSON.stringify(member)}.`];
  return [`${member}: give ${Object.values(constraints).at(-1) ?? 'something else'}.`];
}
