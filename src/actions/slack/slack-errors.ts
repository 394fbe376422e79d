import { permanent, retryAt, transient, type Failure } from '../../contracts/failure.js';
import type { HttpAnswer } from '../../http/http-client.js';
import { failureOfStatus, retryAfter } from '../../http/http-failure.js';

/**
 * Errors of Slack's Web API that pass by themselves. `unknown`: by Slack's own word part of the call may have taken
 * effect. Every other error is permanent: wrong channel, wrong token, missing scope.
 */
const PASSING: Readonly<Record<string, 'known' | 'unknown'>> = {
  ratelimited: 'known',
  rate_limited: 'known',
  service_unavailable: 'known',
  request_timeout: 'known',
  team_added_to_org: 'known',
  internal_error: 'unknown',
  fatal_error: 'unknown',
};

/** What `{ ok: false, error }` inside an HTTP 200 means. `now` is epoch milliseconds. */
export function failureOfSlackError(error: string, headers: HttpAnswer['headers'], now: number): Failure {
  const code = `slack.${error}`;
  const message = `Slack refused the message: ${error}`;
  const passing = PASSING[error];
  if (passing === undefined) return permanent(code, message);
  const at = retryAfter(headers, now);
  if (at !== undefined) return retryAt(code, message, at);
  return transient(code, message, { outcomeUnknown: passing === 'unknown' });
}

/** As for any HTTP answer, with Slack's one-word reason as the code where a refusal brings one. */
export function failureOfSlackStatus(answer: HttpAnswer, now: number): Failure | undefined {
  const failure = failureOfStatus('Slack', answer, now);
  const reason = answer.body.trim();
  if (failure?.retry.kind !== 'never' || !/^[a-z][a-z_]{0,60}$/.test(reason)) return failure;
  return permanent(`slack.${reason}`, `${failure.message}: ${reason}`);
}
