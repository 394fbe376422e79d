import { Failure, permanent, retryAt, transient } from '../../contracts/failure.js';
import type { HttpAnswer } from '../../http/http-client.js';
import { failureOfStatus, retryAfter } from '../../http/http-failure.js';

/**
 * Errors of Slack's Web API that pass by themselves. `unknown`: by Slack's own word part of the call may have taken
 * effect. Every other error is permanent, such as a wrong channel, unless it says that all of ours is refused.
 */
const PASSING: Readonly<Record<string, 'known' | 'unknown'>> = {
  ratelimited: 'known',
  rate_limited: 'known',
  service_unavailable: 'known',
  request_timeout: 'known',
  team_added_to_org: 'known',
  external_channel_migrating: 'known',
  update_failed: 'known',
  internal_error: 'unknown',
  fatal_error: 'unknown',
};

/** Whatever we send is refused until a person mends it: our credentials, or our workspace, are not good any more. */
const REFUSES_US: ReadonlySet<string> = new Set([
  'not_authed',
  'invalid_auth',
  'token_expired',
  'token_revoked',
  'account_inactive',
  'missing_scope',
  'not_allowed_token_type',
  'org_login_required',
  'team_access_not_granted',
  'accesslimited',
  'two_factor_setup_required',
  // An incoming webhook that was removed or switched off.
  'no_service',
  'no_service_id',
  'no_team',
  'invalid_token',
  'team_disabled',
]);

/** Slack itself is in trouble, not this message. */
const SLACK_IS_DOWN: ReadonlySet<string> = new Set(['service_unavailable', 'team_added_to_org']);

/** The message is not there any more, or Slack does not let it be changed or replied to any more. */
const GONE: ReadonlySet<string> = new Set([
  'slack.message_not_found',
  'slack.cant_update_message',
  'slack.edit_window_closed',
  'slack.block_mismatch',
  'slack.thread_not_found',
  'slack.cannot_reply_to_message',
]);

export function isGone(error: unknown): boolean {
  return error instanceof Failure && GONE.has(error.code);
}

/** What `{ ok: false, error }` inside an HTTP 200 means; `details` are Slack's own words. `now` is epoch milliseconds. */
export function failureOfSlackError(
  error: string,
  details: readonly string[],
  headers: HttpAnswer['headers'],
  now: number,
): Failure {
  const code = `slack.${error}`;
  const message = `Slack refused the message: ${[error, ...details].join('; ')}`;
  const passing = PASSING[error];
  if (passing === undefined) return refusal(code, message, error);
  const at = retryAfter(headers, now);
  if (at !== undefined) return retryAt(code, message, at);
  const down = SLACK_IS_DOWN.has(error) ? ({ destination: 'down' } as const) : {};
  return transient(code, message, { outcomeUnknown: passing === 'unknown', ...down });
}

/** As for any HTTP answer, with Slack's one-word reason as the code where a refusal brings one. */
export function failureOfSlackStatus(answer: HttpAnswer, now: number): Failure | undefined {
  const failure = failureOfStatus('Slack', answer, now);
  // One channel gets too much; every other one may go on.
  if (answer.status === 429 && failure?.retry.kind === 'at') {
    return retryAt(failure.code, failure.message, failure.retry.at);
  }
  const reason = answer.body.trim();
  const isRefusal = answer.status >= 400 && answer.status < 500 && answer.status !== 429;
  if (failure === undefined || !isRefusal || !/^[a-z][a-z_]{0,60}$/.test(reason)) return failure;
  return refusal(`slack.${reason}`, `${failure.message}: ${reason}`, reason);
}

function refusal(code: string, message: string, reason: string): Failure {
  if (!REFUSES_US.has(reason)) return permanent(code, message);
  return transient(code, message, { destination: 'down' });
}
