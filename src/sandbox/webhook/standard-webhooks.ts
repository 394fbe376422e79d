import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const TOLERANCE_SECONDS = 5 * 60;
const SECRET_PREFIX = 'whsec_';

export interface SignedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * Why a request is not a valid delivery by the Standard Webhooks specification (symmetric `v1` signatures), or
 * undefined. `now` is epoch milliseconds.
 */
export function signatureProblem(request: SignedRequest, secret: string, now: number): string | undefined {
  const {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures,
  } = request.headers;
  if (typeof id !== 'string' || id === '' || id.includes('.'))
    return 'webhook-id is missing or holds a full stop';
  if (typeof timestamp !== 'string' || !/^\d+$/.test(timestamp))
    return 'webhook-timestamp is not whole seconds';
  if (typeof signatures !== 'string') return 'webhook-signature is missing';
  if (Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE_SECONDS)
    return 'webhook-timestamp is too far from now';
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), request.body]);
  const expected = createHmac('sha256', key).update(signed).digest();
  return signatures.split(' ').some((signature) => matches(signature, expected))
    ? undefined
    : 'no signature matches the body';
}

function matches(signature: string, expected: Buffer): boolean {
  const [version, value] = signature.split(',', 2);
  if (version !== 'v1' || value === undefined) return false;
  const given = Buffer.from(value, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
