import type { Clock } from '../../contracts/clock.js';
import type { SlackDestination } from '../../contracts/connections.js';
import type { Receipt } from '../../contracts/effect.js';
import { permanent, transient } from '../../contracts/failure.js';
import { isJsonObject, parseJson } from '../../contracts/json.js';
import type { Action, Attempt } from '../action.js';
import type { HttpAnswer, HttpClient } from '../../http/http-client.js';
import { readParams } from '../common/read-params.js';
import { failureOfSlackError, failureOfSlackStatus } from './slack-errors.js';
import { slackMessage, type SlackMessage } from './slack-message.js';
import { SlackParams } from './slack.params.js';

/** Posts to Slack. A repeat would be a second message: Slack has no way to recognise it. */
export class SlackAction implements Action<SlackDestination> {
  readonly type = 'slack';
  readonly repeatable = false;
  readonly timeoutMs = 15_000;

  constructor(
    private readonly http: HttpClient,
    private readonly clock: Clock,
  ) {}

  async send({ effect, destination, signal }: Attempt<SlackDestination>): Promise<Receipt> {
    const params = readParams(SlackParams, effect);
    const { message, cuts } = slackMessage(params);
    const summary =
      destination.webhookUrl !== undefined && (params.channel === undefined || !destination.botToken)
        ? await this.byWebhook(destination.webhookUrl, params.channel, message, signal)
        : await this.byBot(destination, params.channel, message, signal);
    return cuts.length === 0 ? { summary } : { summary, skipped: cuts };
  }

  private async byWebhook(
    url: string,
    channel: string | undefined,
    message: SlackMessage,
    signal: AbortSignal,
  ): Promise<string> {
    if (channel !== undefined) {
      throw permanent(
        'slack.channel_is_fixed',
        `Channel ${channel} needs a bot token: an incoming webhook posts to its own channel only`,
      );
    }
    await this.post(url, {}, message, signal);
    return 'posted';
  }

  private async byBot(
    destination: SlackDestination,
    wanted: string | undefined,
    message: SlackMessage,
    signal: AbortSignal,
  ): Promise<string> {
    const channel = wanted ?? destination.channel;
    if (!destination.botToken || channel === undefined) {
      throw permanent(
        'slack.not_configured',
        'The connection has neither a webhook nor a bot token and a channel',
      );
    }
    const url = new URL('/api/chat.postMessage', destination.apiOrigin).href;
    const authorization = `Bearer ${destination.botToken}`;
    const answer = await this.post(url, { authorization }, { channel, ...message }, signal);
    const told = answer.complete ? parseJson(answer.body) : undefined;
    if (!isJsonObject(told)) {
      throw transient('slack.unreadable', 'Slack answered 200 with something that is not JSON', {
        outcomeUnknown: true,
      });
    }
    if (told['ok'] !== true) {
      const error = typeof told['error'] === 'string' ? told['error'] : 'unknown_error';
      throw failureOfSlackError(error, answer.headers, this.clock.now());
    }
    return `posted to ${channel}${typeof told['ts'] === 'string' ? ` as ${told['ts']}` : ''}`;
  }

  private async post(
    url: string,
    headers: Readonly<Record<string, string>>,
    message: object,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const answer = await this.http.send({
      service: 'Slack',
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      body: JSON.stringify(message),
      signal,
      timeoutMs: this.timeoutMs,
    });
    const failure = failureOfSlackStatus(answer, this.clock.now());
    if (failure) throw failure;
    return answer;
  }
}
