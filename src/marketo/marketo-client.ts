import type { GivenAnswer } from '../contracts/attempt.js';
import type { Clock } from '../contracts/clock.js';
import type { MarketoDestination } from '../contracts/connections.js';
import { Failure, transient } from '../contracts/failure.js';
import { isJsonObject, type JsonObject, parseJson } from '../contracts/json.js';
import type { HttpClient } from '../http/http-client.js';
import { failureOfStatus } from '../http/http-failure.js';
import { shownAnswer } from '../http/shown-exchange.js';
import { MARKETO_ERRORS } from './marketo-errors.js';
import { failureOfMarketoError, firstError, type MarketoError } from './marketo-failure.js';
import type { MarketoTokens } from './marketo-tokens.js';

/** Marketo itself gives up on most calls after 30 s; a client must wait longer, or it never learns the outcome. */
export const CALL_TIMEOUT_MS = 35_000;
/** The same for the synchronisation of leads, where Marketo gives up after 90 s. */
export const SYNC_TIMEOUT_MS = 95_000;
/** Bytes of a URI from which on Marketo refuses it. */
const LONGEST_URI = 8_000;
/** An answer may tell every field of 300 leads. */
const LARGEST_ANSWER = 16 * 1_048_576;

/** The most that a token and its renewal add to an attempt. */
export const TOKEN_TIME_MS = 20_000;

export interface MarketoCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path and query: `/rest/v1/leads.json`. A read may have a query of any length. */
  readonly path: string;
  readonly body?: object;
  readonly timeoutMs: number;
  /** How many records it is about; 1 unless given. */
  readonly records?: number;
  /** Ends the call before its time. */
  readonly signal?: AbortSignal;
  /** Is told what came back, also when it is a refusal. */
  readonly heard?: (answer: GivenAnswer) => void;
}

/** What came of a call that succeeded. */
export interface MarketoAnswer {
  /** Names the call when one asks Marketo's support. */
  readonly requestId: string;
  /** Single rows may still say `skipped`. */
  readonly rows: readonly JsonObject[];
}

type Outcome = MarketoAnswer | { readonly error: MarketoError };

/** Marketo's REST API: authorises every call and turns errors inside HTTP 200 into a `Failure`. */
export class MarketoClient {
  constructor(
    private readonly http: HttpClient,
    private readonly tokens: MarketoTokens,
    private readonly clock: Clock,
  ) {}

  /** Has a token at hand, so that the next call sets out at once. Throws a `Failure` when there is none to be had. */
  async authorise(connection: MarketoDestination): Promise<void> {
    await this.tokens.get(connection);
  }

  /**
   * Makes one call. A token that Marketo refuses (601, 602) is renewed and the call repeated once: it had no effect, and
   * Marketo does not count it. Throws a `Failure`.
   */
  async call(connection: MarketoDestination, call: MarketoCall): Promise<MarketoAnswer> {
    try {
      return await this.authorised(connection, call);
    } catch (error) {
      throw error instanceof Failure ? settled(error, call) : error;
    }
  }

  private async authorised(connection: MarketoDestination, call: MarketoCall): Promise<MarketoAnswer> {
    const token = await this.tokens.get(connection);
    let outcome = await this.attempt(connection, call, token);
    if ('error' in outcome && MARKETO_ERRORS[outcome.error.code]?.[0] === 'refresh-token') {
      outcome = await this.attempt(connection, call, await this.tokens.get(connection, token));
    }
    if ('rows' in outcome) return outcome;
    throw failureOfMarketoError(outcome.error, this.clock.now());
  }

  private async attempt({ origin }: MarketoDestination, call: MarketoCall, token: string): Promise<Outcome> {
    const { method, path, type, body } = asSent(call);
    const answer = await this.http.send({
      service: 'Marketo',
      method,
      url: new URL(path, origin).href,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(type === undefined ? {} : { 'content-type': type }),
      },
      ...(body === undefined ? {} : { body }),
      ...(call.signal === undefined ? {} : { signal: call.signal }),
      timeoutMs: call.timeoutMs,
      maxBytes: LARGEST_ANSWER,
    });
    call.heard?.(shownAnswer(answer));
    const failure = failureOfStatus('Marketo', answer, this.clock.now());
    if (failure) throw failure;
    const told = answer.complete ? parseJson(answer.body) : undefined;
    if (isJsonObject(told)) {
      if (told['success'] === true) return answerOf(told);
      const error = firstError(told['errors']);
      if (error) return { error };
    }
    const message = 'Marketo answered with something that cannot be read';
    throw transient('marketo.unreadable', message, { outcomeUnknown: true });
  }
}

/** A read changes nothing, so its outcome is never in doubt. */
function settled(failure: Failure, { method }: MarketoCall): Failure {
  if (method !== 'GET' || !failure.outcomeUnknown) return failure;
  const { message, code, retry, destination, tries, cause } = failure;
  return new Failure(message, {
    ...{ code, retry, cause },
    ...(destination === undefined ? {} : { destination }),
    ...(tries === undefined ? {} : { tries }),
  });
}

interface SentCall extends Pick<MarketoCall, 'method' | 'path'> {
  /** The content type of the body. */
  readonly type?: string;
  readonly body?: string;
}

/** Marketo takes a query that is too long for a URI as the form of a POST that says that it is a GET. */
function asSent({ method, path, body }: MarketoCall): SentCall {
  if (method === 'GET' && path.length > LONGEST_URI) {
    const query = path.indexOf('?');
    return {
      method: 'POST',
      path: `${path.slice(0, query)}?_method=GET`,
      type: 'application/x-www-form-urlencoded',
      body: path.slice(query + 1),
    };
  }
  return body === undefined
    ? { method, path }
    : { method, path, type: 'application/json', body: JSON.stringify(body) };
}

/** A row that is no object says nothing, and keeps its place: rows are matched by it. */
function answerOf({ requestId, result }: JsonObject): MarketoAnswer {
  const rows: readonly unknown[] = Array.isArray(result) ? result : [];
  return {
    requestId: typeof requestId === 'string' ? requestId : '',
    rows: rows.map((row) => (isJsonObject(row) ? row : {})),
  };
}
