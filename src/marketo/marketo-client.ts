import type { Clock } from '../contracts/clock.js';
import type { MarketoDestination } from '../contracts/connections.js';
import { Failure, transient } from '../contracts/failure.js';
import { isJsonObject, type JsonObject, parseJson } from '../contracts/json.js';
import type { HttpClient } from '../http/http-client.js';
import { failureOfStatus } from '../http/http-failure.js';
import { MARKETO_ERRORS } from './marketo-errors.js';
import { failureOfMarketoError, firstError, type MarketoError } from './marketo-failure.js';
import type { MarketoTokens } from './marketo-tokens.js';

/** Marketo itself gives up on most calls after 30 s; a client must wait longer, or it never learns the outcome. */
export const CALL_TIMEOUT_MS = 35_000;
/** The same for the synchronisation of leads, where Marketo gives up after 90 s. */
export const SYNC_TIMEOUT_MS = 95_000;
/** The most that a token and its renewal add to an attempt. */
export const TOKEN_TIME_MS = 20_000;

export interface MarketoCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path and query: `/rest/v1/leads.json`. */
  readonly path: string;
  readonly body?: object;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

type Outcome = { readonly rows: readonly JsonObject[] } | { readonly error: MarketoError };

/** Marketo's REST API: authorises every call and turns errors inside HTTP 200 into a `Failure`. */
export class MarketoClient {
  constructor(
    private readonly http: HttpClient,
    private readonly tokens: MarketoTokens,
    private readonly clock: Clock,
  ) {}

  /**
   * The `result` rows of a call that succeeded; single rows may still say `skipped`. A token that Marketo refuses
   * (601, 602) is renewed and the call repeated once: it had no effect.
   */
  async call(connection: MarketoDestination, call: MarketoCall): Promise<readonly JsonObject[]> {
    const token = await this.tokens.get(connection);
    let outcome = await this.attempt(connection, call, token);
    if ('error' in outcome && MARKETO_ERRORS[outcome.error.code]?.[0] === 'refresh-token') {
      outcome = await this.attempt(connection, call, await this.tokens.get(connection, token));
    }
    if ('rows' in outcome) return outcome.rows;
    throw this.settled(failureOfMarketoError(outcome.error, this.clock.now()), call);
  }

  private async attempt({ origin }: MarketoDestination, call: MarketoCall, token: string): Promise<Outcome> {
    const answer = await this.http.send({
      service: 'Marketo',
      method: call.method,
      url: new URL(call.path, origin).href,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      signal: call.signal,
      timeoutMs: call.timeoutMs,
    });
    const failure = failureOfStatus('Marketo', answer, this.clock.now());
    if (failure) throw this.settled(failure, call);
    const told = answer.complete ? parseJson(answer.body) : undefined;
    if (isJsonObject(told)) {
      if (told['success'] === true) return { rows: rowsOf(told['result']) };
      const error = firstError(told['errors']);
      if (error) return { error };
    }
    const unreadable = transient(
      'marketo.unreadable',
      'Marketo answered with something that cannot be read',
      {
        outcomeUnknown: true,
      },
    );
    throw this.settled(unreadable, call);
  }

  /** A read changes nothing, so its outcome is never in doubt. */
  private settled(failure: Failure, { method }: MarketoCall): Failure {
    if (method !== 'GET' || !failure.outcomeUnknown) return failure;
    return new Failure(failure.message, { code: failure.code, retry: failure.retry, cause: failure.cause });
  }
}

function rowsOf(result: unknown): readonly JsonObject[] {
  return Array.isArray(result) ? result.filter(isJsonObject) : [];
}
