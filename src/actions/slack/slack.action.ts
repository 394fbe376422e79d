import type { SlackDestination } from '../../contracts/connections.js';
import type { Effect, Receipt } from '../../contracts/effect.js';
import { permanent } from '../../contracts/failure.js';
import type { JsonObject } from '../../contracts/json.js';
import type { KeyedPace } from '../../contracts/lane.js';
import { hashOf } from '../../contracts/hash-of.js';
import type { MessagePlace, MessagePlaces, PlaceName } from '../../state/message-places.js';
import type { Action, Attempt } from '../action.js';
import { readParams } from '../common/read-params.js';
import { SLACK_TIMEOUT_MS, type SlackApi } from './slack-api.js';
import { isGone } from './slack-errors.js';
import { LONGEST_TEXT, slackMessage } from './slack-message.js';
import { needsBot, SlackParams } from './slack.params.js';

/** Slack takes one message a second and channel. */
const CHANNEL_PACE = { everyMs: 1_000, burst: 1 } as const;
const NO_UNFURLING = { unfurl_links: false, unfurl_media: false } as const;

type SlackAttempt = Attempt<SlackDestination>;

/** Posts to Slack. A repeat would be a second message: Slack has no way to recognise it. */
export class SlackAction implements Action<SlackDestination> {
  readonly type = 'slack';
  readonly repeatable = false;
  readonly timeoutMs = SLACK_TIMEOUT_MS;

  constructor(
    private readonly slack: SlackApi,
    private readonly places: Pick<MessagePlaces, 'find' | 'keep'>,
  ) {}

  /** Two first messages of one key would make two threads, or two messages where one should stand. */
  exclusiveKey({ to, params }: Effect): string | undefined {
    const { thread, update } = params;
    if (typeof (thread ?? update) !== 'string') return undefined;
    return `slack:${hashOf(JSON.stringify([to, thread ?? null, thread ?? update]), 43)}`;
  }

  paces({ params }: Effect, destination: SlackDestination): readonly KeyedPace[] {
    const channel = params['channel'] ?? destination.channel;
    if (typeof channel !== 'string' || goesByWebhook(destination, params)) return [];
    return [{ key: `channel/${channel.replace(/^#/, '').toLowerCase()}`, ...CHANNEL_PACE }];
  }

  async send(attempt: SlackAttempt): Promise<Receipt> {
    const params = readParams(SlackParams, attempt.effect);
    if (goesByWebhook(attempt.destination, params)) return await this.byWebhook(attempt, params);
    const channel = params.channel ?? attempt.destination.channel;
    if (attempt.destination.botToken === undefined || channel === undefined) {
      throw permanent(
        'slack.not_configured',
        'The connection has neither a webhook nor a bot token and a channel',
      );
    }
    return (await this.inPlace(attempt, params, channel)) ?? (await this.anew(attempt, params, channel));
  }

  private async byWebhook(attempt: SlackAttempt, params: SlackParams): Promise<Receipt> {
    const why = needsBot(params);
    if (why !== undefined) throw permanent('slack.needs_bot', `${why.message}.`);
    const { message, changes } = slackMessage(params, LONGEST_TEXT.posted);
    await this.slack.hook(attempt.destination.webhookUrl ?? '', { ...message, ...NO_UNFURLING }, attempt);
    return { summary: 'posted', ...skipped(changes) };
  }

  /** @returns undefined when no message stands there whose place could be taken */
  private async inPlace(
    attempt: SlackAttempt,
    params: SlackParams,
    channel: string,
  ): Promise<Receipt | undefined> {
    const name = placeName(attempt, channel, 'update', params.update);
    const place = name && (await this.places.find(name));
    if (place === undefined) return undefined;
    const { message, changes } = slackMessage(params, LONGEST_TEXT.updated);
    try {
      // What is left out would stay as it was, and what parsing does would change.
      const whole = { text: '', blocks: [], ...message, parse: 'none' };
      await this.slack.call('chat.update', { ...place, ...whole }, attempt);
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
    await this.keep(name, place);
    const summary = `replaced the message ${place.ts} in ${channel}`;
    return { summary, ...skipped(changes), data: { ...place, replaced: true } };
  }

  private async anew(attempt: SlackAttempt, params: SlackParams, channel: string): Promise<Receipt> {
    const { message, changes } = slackMessage(params, LONGEST_TEXT.posted);
    const thread = placeName(attempt, channel, 'thread', params.thread);
    const first = thread && (await this.places.find(thread));
    const post = (reply: JsonObject) =>
      this.slack.call('chat.postMessage', { channel, ...message, ...reply, ...NO_UNFURLING }, attempt);
    const { answer, parent } = await reply(first, post, params.broadcast);
    const place = placeIn(answer);
    if (place === undefined) return { summary: `posted to ${channel}`, ...skipped(changes) };
    await this.keep(thread, parent ?? place);
    await this.keep(placeName(attempt, channel, 'update', params.update), place);
    const summary = `posted to ${channel} as ${place.ts}${parent === undefined ? '' : ` in the thread ${parent.ts}`}`;
    return { summary, ...skipped(changes), data: { ...place } };
  }

  private async keep(name: PlaceName | undefined, place: MessagePlace): Promise<void> {
    if (name !== undefined) await this.places.keep(name, place);
  }
}

/** Replies to the first message of the thread, or posts one of its own when that is gone. */
async function reply(
  first: MessagePlace | undefined,
  post: (reply: JsonObject) => Promise<JsonObject>,
  broadcast = false,
): Promise<{ answer: JsonObject; parent?: MessagePlace }> {
  if (first === undefined) return { answer: await post({}) };
  try {
    return { answer: await post({ thread_ts: first.ts, reply_broadcast: broadcast }), parent: first };
  } catch (error) {
    if (!isGone(error)) throw error;
    return { answer: await post({}) };
  }
}

function placeName(
  { effect }: SlackAttempt,
  channel: string,
  use: PlaceName['use'],
  key: string | undefined,
): PlaceName | undefined {
  return key === undefined ? undefined : { connection: effect.to, channel, use, key };
}

function placeIn({ channel, ts }: JsonObject): MessagePlace | undefined {
  return typeof channel === 'string' && typeof ts === 'string' ? { channel, ts } : undefined;
}

function skipped(changes: readonly string[]): { skipped?: readonly string[] } {
  return changes.length === 0 ? {} : { skipped: changes };
}

/** A connection may have both; then the webhook is for what needs no bot. */
function goesByWebhook({ webhookUrl, botToken }: SlackDestination, params: JsonObject): boolean {
  return webhookUrl !== undefined && (botToken === undefined || needsBot(params) === undefined);
}
