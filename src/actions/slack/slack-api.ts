import type { Clock } from '../../contracts/clock.js';
import type { SlackDestination } from '../../contracts/connections.js';
import { permanent, transient } from '../../contracts/failure.js';
import { isJsonObject, parseJson, type JsonObject } from '../../contracts/json.js';
import type { HttpAnswer, HttpClient } from '../../http/http-client.js';
import { shownAnswer, shownRequest, shownSecretUrl } from '../../http/shown-exchange.js';
import type { Attempt } from '../action.js';
import { hideSecrets } from '../common/hide-secrets.js';
import { failureOfSlackError, failureOfSlackStatus } from './slack-errors.js';

/** Longest time of one attempt, milliseconds. */
export const SLACK_TIMEOUT_MS = 15_000;

type SlackAttempt = Attempt<SlackDestination>;

/** Slack's two ways in: methods of the Web API, with a bot token, and incoming webhooks. Throws a `Failure`. */
export class SlackApi {
  constructor(
    private readonly http: HttpClient,
    private readonly clock: Clock,
  ) {}

  /** Calls `chat.postMessage` and the like. @returns Slack's answer, which said `ok` */
  async call(method: string, body: JsonObject, attempt: SlackAttempt): Promise<JsonObject> {
    const { botToken, apiOrigin } = attempt.destination;
    if (botToken === undefined) {
      throw permanent('slack.not_configured', 'The connection has no bot token');
    }
    const url = new URL(`/api/${method}`, apiOrigin).href;
    const answer = await this.post(url, url, { authorization: `Bearer ${botToken}` }, body, attempt);
    const told = answer.complete ? parseJson(answer.body) : undefined;
    if (!isJsonObject(told)) {
      throw transient('slack.unreadable', 'Slack answered 200 with something that is not JSON', {
        outcomeUnknown: true,
      });
    }
    if (told['ok'] === true) return told;
    const error = typeof told['error'] === 'string' ? told['error'] : 'unknown_error';
    throw failureOfSlackError(error, detailsOf(told), answer.headers, this.clock.now());
  }

  /** Posts to an incoming webhook, whose URL is a secret. */
  async hook(webhookUrl: string, body: JsonObject, attempt: SlackAttempt): Promise<void> {
    await this.post(webhookUrl, shownSecretUrl(webhookUrl), {}, body, attempt);
  }

  private async post(
    url: string,
    shownUrl: string,
    headers: Readonly<Record<string, string>>,
    message: JsonObject,
    { destination: { webhookUrl = '', botToken = '' }, signal, trace }: SlackAttempt,
  ): Promise<HttpAnswer> {
    const request = {
      method: 'POST' as const,
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      body: JSON.stringify(message),
    };
    trace.sent(shownRequest({ ...request, url: shownUrl }));
    const answer = await this.http.send({
      ...request,
      service: 'Slack',
      url,
      signal,
      timeoutMs: SLACK_TIMEOUT_MS,
    });
    const hide = hideSecrets([webhookUrl, botToken]);
    trace.answered(shownAnswer({ status: answer.status, body: hide(answer.body) }));
    const failure = failureOfSlackStatus(answer, this.clock.now());
    if (failure) throw failure;
    return answer;
  }
}

/** Which part of which block Slack did not like. */
function detailsOf({ response_metadata: metadata }: JsonObject): string[] {
  const messages = isJsonObject(metadata) ? metadata['messages'] : undefined;
  return Array.isArray(messages) ? messages.slice(0, 3).map((message) => String(message).slice(0, 200)) : [];
}
