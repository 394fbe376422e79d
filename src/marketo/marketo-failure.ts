import { permanent, retryAt, transient, type Failure } from '../contracts/failure.js';
import { isJsonObject } from '../contracts/json.js';
import { MARKETO_ERRORS } from './marketo-errors.js';
import { nextMidnightCentral } from './midnight-central.js';

const RATE_WINDOW_MS = 20_000;

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
 * What an error of Marketo means for the effect. A code that no catalogue knows is permanent: repeating what is not
 * understood only uses up the quota. `now` is epoch milliseconds.
 */
export function failureOfMarketoError({ code, message }: MarketoError, now: number): Failure {
  const name = `marketo.${code}`;
  const text = `Marketo answered ${code}: ${message}`;
  switch (MARKETO_ERRORS[code]?.[0] ?? 'permanent') {
    case 'backoff':
      return transient(name, text);
    case 'outcome-unknown':
      return transient(name, text, { outcomeUnknown: true });
    case 'rate-window':
      return retryAt(name, text, now + RATE_WINDOW_MS);
    case 'after-midnight':
      return retryAt(name, text, nextMidnightCentral(now));
    case 'refresh-token':
      return permanent(name, `${text}, also with a new token`);
    case 'permanent':
      return permanent(name, text);
  }
}
