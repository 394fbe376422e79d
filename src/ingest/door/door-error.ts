import { HttpException } from '@nestjs/common';
import type { TooManyAttempts } from '../../access/failed-attempts.js';
import type { DoorKind } from '../../contracts/batch.js';

/** Seconds after which a sender may come again when we could not take its delivery. */
const RETRY_AFTER_S = 5;

/** An answer other than 2xx: `{ "error": code, "message": sentence }`. */
export class DoorError extends HttpException {
  constructor(
    status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super({ error: code, message }, status);
  }
}

export function unknownSource(name: string): DoorError {
  return new DoorError(404, 'unknown_source', `No source is named ${JSON.stringify(name)}.`);
}

export function wrongKind(name: string, is: DoorKind): DoorError {
  const message = `Source ${JSON.stringify(name)} is of another kind: it takes deliveries at /ingest/${is}/.`;
  return new DoorError(404, 'wrong_source_kind', message);
}

export function unauthorized(message: string): DoorError {
  return new DoorError(401, 'unauthorized', message, { 'www-authenticate': 'Bearer' });
}

/** Who it is is known, and it is not for him. */
export function forbidden(message: string): DoorError {
  return new DoorError(403, 'forbidden', message);
}

export function tooManyAttempts({ message, retryAfter }: TooManyAttempts): DoorError {
  return new DoorError(429, 'too_many_attempts', message, { 'retry-after': String(retryAfter) });
}

export function unsupportedType(): DoorError {
  return new DoorError(
    415,
    'unsupported_media_type',
    'The content type must be application/json or application/*+json.',
  );
}

export function badRequest(code: string, message: string): DoorError {
  return new DoorError(400, code, message);
}

/** The reason is on our side and passes: senders keep what they have and come again. */
export function unavailable(code: string, message: string, retryAfterS = RETRY_AFTER_S): DoorError {
  return new DoorError(503, code, message, { 'retry-after': String(retryAfterS) });
}
