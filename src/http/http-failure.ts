import { STATUS_CODES } from 'node:http';
import { Failure, type Retry } from '../contracts/failure.js';
import { retryAfterMs } from '../contracts/retry-after.js';
import type { HttpAnswer } from './http-client.js';

const SHORTEST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;
const MAY_PASS = new Set([408, 425, 429]);
/**
 * All that we send is refused: our credentials are wrong, or their owner may not do what we ask for. A person can mend
 * that, so it is tried again, as senders of webhooks do with whatever is not 2xx.
 */
const REFUSES_US = new Set([401, 403, 407]);
/** A gateway lost its own upstream: what stands behind it may have acted. */
const GATEWAY_LOST_TRACK = new Set([502, 504]);

/** `200 OK`. */
export function statusLine(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trim();
}

/**
 * When a `Retry-After` header says to come back, epoch milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3).
 * Between a second and a day away, so that a target can neither make us hurry nor keep an effect for ever;
 * undefined when there is none or it cannot be read.
 */
export function retryAfter(headers: HttpAnswer['headers'], now: number): number | undefined {
  const wait = retryAfterMs(headers['retry-after'], now);
  return wait === undefined ? undefined : now + Math.min(Math.max(wait, SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
}

/**
 * What a status other than 2xx means for the effect and for its destination; undefined for 2xx. `now` is epoch
 * milliseconds.
 */
export function failureOfStatus(service: string, answer: HttpAnswer, now: number): Failure | undefined {
  const { status } = answer;
  if (status >= 200 && status < 300) return undefined;
  const retry = retryOf(answer, now);
  const hint = status >= 300 && status < 400 ? '; redirects are not followed' : '';
  return new Failure(`${service} answered ${statusLine(status)}${hint}`, {
    code: `http.${status}`,
    retry,
    outcomeUnknown: GATEWAY_LOST_TRACK.has(status),
    ...(retry.kind === 'never' ? {} : { destination: 'down' }),
  });
}

function retryOf({ status, headers }: HttpAnswer, now: number): Retry {
  const at = status === 429 || status === 503 ? retryAfter(headers, now) : undefined;
  if (at !== undefined) return { kind: 'at', at };
  return { kind: status >= 500 || MAY_PASS.has(status) || REFUSES_US.has(status) ? 'backoff' : 'never' };
}
