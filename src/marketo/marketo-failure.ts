import { Failure, type FailureDetails, permanent, retryAt, transient } from '../contracts/failure.js';
import { isJsonObject } from '../contracts/json.js';
import { MARKETO_ERRORS, type MarketoErrorClass } from './marketo-errors.js';
import { nextMidnightCentral } from './midnight-central.js';

/** How long Marketo looks back when it counts calls. */
export const RATE_WINDOW_MS = 20_000;
/** Whether the calls of the day are still used up is asked so often. */
export const PROBE_EVERY_MS = 15 * 60_000;
const SLOW_MS = 15 * 60_000;
const AT_ONCE_MS = 1_000;
/** What may come of a malformed URL as well is not tried for days. */
const FEW_TRIES = 3;
const QUOTA_OF_THE_DAY = /daily quota/i;
/** More than one record makes a body that is too large. */
const TOO_LARGE = 'http.413';

/** An error of a call or a reason of a skipped record. */
export interface MarketoError {
  readonly code: string;
  readonly message: string;
}

/** The first error of an `errors` or `reasons` member, whose codes come as text; undefined when there is none. */
export function firstError(errors: unknown): MarketoError | undefined {
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  if (!isJsonObject(first)) return undefined;
  const code = String(first['code']);
  const message = typeof first['message'] === 'string' ? first['message'] : MARKETO_ERRORS[code]?.[1];
  return { code, message: message ?? 'no reason given' };
}

/**
 * What an error of Marketo means for the effect and for the instance. A code that no catalogue knows is permanent:
 * repeating what is not understood only uses up the quota. `now` is epoch milliseconds.
 */
export function failureOfMarketoError({ code, message }: MarketoError, now: number): Failure {
  const name = `marketo.${code}`;
  const text = `Marketo answered ${code}: ${message}`;
  const nextDay = nextMidnightCentral(now);
  switch (classOf(code)) {
    case 'backoff':
      return transient(name, text);
    case 'down':
      return failure({ code: name, retry: { kind: 'backoff' }, destination: 'down' }, text);
    case 'few-tries':
      return failure({ code: name, retry: { kind: 'backoff' }, tries: FEW_TRIES }, text);
    case 'slow':
      return retryAt(name, text, QUOTA_OF_THE_DAY.test(message) ? nextDay : now + SLOW_MS);
    case 'outcome-unknown':
      return transient(name, text, { outcomeUnknown: true });
    case 'rate-window':
      return failure({ code: name, retry: { kind: 'lane', at: now + RATE_WINDOW_MS } }, text);
    case 'places':
      return retryAt(name, text, now + AT_ONCE_MS);
    case 'day':
      return failure(
        { code: name, retry: { kind: 'lane', at: Math.min(nextDay, now + PROBE_EVERY_MS) } },
        text,
      );
    case 'after-midnight':
      return retryAt(name, text, nextDay);
    case 'refresh-token':
      return failure(
        { code: name, retry: { kind: 'backoff' }, destination: 'down' },
        `${text}, also with a new token`,
      );
    case 'permanent':
    case 'permanent-for-all':
      return permanent(name, text);
  }
}

/** Whether the records of a call that failed may pass without one of the others. */
export function mayBeOneRecord({ code, retry }: Failure): boolean {
  if (retry.kind !== 'never') return false;
  const [, marketoCode] = /^marketo\.(\d+)$/.exec(code) ?? [];
  return code === TOO_LARGE || (marketoCode !== undefined && classOf(marketoCode) === 'permanent');
}

function classOf(code: string): MarketoErrorClass {
  return MARKETO_ERRORS[code]?.[0] ?? 'permanent';
}

function failure(details: FailureDetails, text: string): Failure {
  return new Failure(text, details);
}
