import { isUtf8 } from 'node:buffer';
import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import type {
  HmacCheck,
  SharedSecretCheck,
  StandardWebhooksCheck,
  WebhookSource,
} from '../../contracts/connections.js';
import { parseSigned, renderSigned } from '../../contracts/placeholders.js';
import { bearerToken, sameSecret } from '../../access/secrets.js';
import { singleHeaders } from './single-headers.js';

/** How far the time of sending may be from now, in both directions. */
const TOLERANCE_MS = 5 * 60 * 1_000;
/** A few signatures fit, one for each secret of a sender who is changing his. */
const MAX_HEADER = 2_048;

export interface SignedRequest {
  readonly headers: IncomingHttpHeaders;
  /** The exact bytes received. */
  readonly body: Buffer;
}

/**
 * Why a delivery does not prove that it comes from the source, as the end of a sentence; undefined when it does.
 *
 * @param now epoch milliseconds
 */
export function verificationProblem(
  check: NonNullable<WebhookSource['verify']>,
  request: SignedRequest,
  now: number,
): string | undefined {
  switch (check.scheme) {
    case 'standard-webhooks':
      return standardProblem(check, request);
    case 'hmac':
      return hmacProblem(check, request, now);
    case 'shared-secret':
      return secretProblem(check, request);
  }
}

/** The library keeps to the clock of this machine and to the same five minutes. */
function standardProblem(
  { secrets }: StandardWebhooksCheck,
  { headers, body }: SignedRequest,
): string | undefined {
  // The library signs text: other bytes than were signed could come to the same text.
  if (!isUtf8(body)) return 'the body is not valid UTF-8';
  const given: Record<string, string> = {};
  for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
    const value = headers[name];
    if (typeof value !== 'string' || value === '') return `the header ${name} is missing`;
    if (value.length > MAX_HEADER) return `the header ${name} is too long`;
    given[name] = value;
  }
  let problem: string | undefined;
  for (const secret of secrets) {
    try {
      new Webhook(secret).verify(body, given, { jsonParse: false });
      return undefined;
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error;
      problem = error.message;
    }
  }
  return problem ?? 'the source has no secret';
}

function hmacProblem(check: HmacCheck, { headers, body }: SignedRequest, now: number): string | undefined {
  const name = check.header.toLowerCase();
  const given = headers[name];
  if (typeof given !== 'string' || given === '') return `the header ${name} is missing`;
  if (given.length > MAX_HEADER) return `the header ${name} is too long`;
  const late = timestampProblem(check, headers, now);
  if (late !== undefined) return late;
  const template = parseSigned(check.signed);
  const bytes = 'problem' in template ? undefined : renderSigned(template, body, singleHeaders(headers));
  if (bytes === undefined) return 'a header that is part of what is signed is missing';
  const signatures = given
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(check.prefix))
    .map((part) => part.slice(check.prefix.length));
  const fits = check.secrets.some((secret) => {
    const expected = createHmac(check.algorithm, secret).update(bytes).digest(check.encoding);
    return signatures.some((signature) =>
      sameSecret(check.encoding === 'hex' ? signature.toLowerCase() : signature, expected),
    );
  });
  return fits ? undefined : 'no signature fits these bytes';
}

function timestampProblem(
  { timestampHeader }: HmacCheck,
  headers: IncomingHttpHeaders,
  now: number,
): string | undefined {
  if (timestampHeader === undefined) return undefined;
  const name = timestampHeader.toLowerCase();
  const given = headers[name];
  if (typeof given !== 'string' || !/^\d{1,12}$/.test(given))
    return `the header ${name} is not a time in whole seconds`;
  const apart = Math.abs(now - Number(given) * 1_000);
  return apart <= TOLERANCE_MS ? undefined : `the time in ${name} is more than five minutes from now`;
}

function secretProblem(check: SharedSecretCheck, { headers }: SignedRequest): string | undefined {
  const given = secretIn(headers, check);
  if (given === undefined) return `the header ${check.header.toLowerCase()} is missing`;
  return check.secrets.some((secret) => sameSecret(given, secret))
    ? undefined
    : `the header ${check.header.toLowerCase()} has not the secret of this source`;
}

/** What a sender presents as the secret; undefined when there is none. */
export function secretIn(headers: IncomingHttpHeaders, { header }: SharedSecretCheck): string | undefined {
  const value = headers[header.toLowerCase()];
  if (typeof value !== 'string' || value === '') return undefined;
  return header.toLowerCase() === 'authorization' ? bearerToken(value) : value;
}
