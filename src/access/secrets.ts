import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Compares in a time that tells nothing of where two texts differ, nor of how long the secret is. */
export function sameSecret(given: string, secret: string): boolean {
  return timingSafeEqual(digest(given), digest(secret));
}

/** The token of an `Authorization` header, with or without the word `Bearer` before it. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return authorization?.replace(/^Bearer +/i, '').trim();
}

/** An API key as senders present it: in `x-api-key`, or as a bearer token. */
export function presentedKey(headers: IncomingHttpHeaders): string | undefined {
  const apiKey = headers['x-api-key'];
  const key = typeof apiKey === 'string' ? apiKey : bearerToken(headers.authorization);
  return key === '' ? undefined : key;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
