import { type Clock, systemClock } from '../contracts/clock.js';
import type { SlackDestination } from '../contracts/connections.js';
import { isJsonObject, parseJson, type JsonObject } from '../contracts/json.js';
import { type HttpAnswer, type HttpRequest, json, text } from './http/http-answer.js';
import { HttpStandIn } from './http/http-stand-in.js';
import { ReceivedLog } from './received-log.js';
import { ChannelRate } from './slack/channel-rate.js';
import { Channels } from './slack/channels.js';
import { checkMessage, LONGEST } from './slack/message-check.js';

const METHODS = ['chat.postMessage', 'chat.update', 'chat.delete'] as const;
type Method = (typeof METHODS)[number];

export interface SlackMessage {
  readonly receivedAt: string;
  readonly via: 'webhook' | Method;
  /** As it was named; the incoming webhook has a channel of its own, `#ops`. */
  readonly channel: string;
  readonly text?: string;
  readonly blocks?: readonly unknown[];
  /** Of the message itself, by the Web API. */
  readonly ts?: string;
  readonly payload: JsonObject;
}

export interface SlackSecrets {
  /** The last part of the webhook's path. */
  readonly webhookToken: string;
  readonly botToken: string;
}

/** What the Web API says beside `ok`. */
type Told = JsonObject & { readonly error?: string; readonly retryAfter?: number };

const WEBHOOK_CHANNEL = '#ops';
const JSON_TYPE = /^application\/json\b/;

/** Slack on loopback: one incoming webhook and the methods for messages, refusing what Slack refuses. */
export class SlackStandIn extends HttpStandIn {
  readonly messages = new ReceivedLog<SlackMessage>();
  /** What was refused, with Slack's word for it. */
  readonly refused = new ReceivedLog<{ readonly error: string; readonly body: string }>();
  /** Channels that `chat.postMessage` does not find; every other one exists. */
  readonly missingChannels = new Set<string>();
  /** The messages that stand in channels, by the Web API. */
  readonly channels = new Channels();
  /** Hold senders to one message a second a channel, as Slack does. */
  limitRate = false;
  private readonly rate = new ChannelRate();

  constructor(
    private readonly secrets: SlackSecrets,
    private readonly clock: Clock = systemClock,
  ) {
    super();
  }

  webhook(): SlackDestination {
    return { kind: 'slack', webhookUrl: this.origin + this.webhookPath, apiOrigin: this.origin };
  }

  bot(): SlackDestination {
    return {
      kind: 'slack',
      botToken: this.secrets.botToken,
      channel: WEBHOOK_CHANNEL,
      apiOrigin: this.origin,
    };
  }

  override clear(): void {
    super.clear();
    this.messages.clear();
    this.refused.clear();
    this.channels.clear();
  }

  protected answer(request: HttpRequest): HttpAnswer {
    const { pathname } = request.url;
    if (pathname.startsWith('/services/')) return this.answerWebhook(request);
    const method = METHODS.find((name) => pathname === `/api/${name}`);
    if (method === undefined) {
      return json(200, { ok: false, error: 'unknown_method', req_method: pathname.replace('/api/', '') });
    }
    return this.answerMethod(method, request);
  }

  private get webhookPath(): string {
    return `/services/T0SANDBOX/B0SANDBOX/${this.secrets.webhookToken}`;
  }

  private answerWebhook(request: HttpRequest): HttpAnswer {
    if (request.url.pathname !== this.webhookPath) return this.refuse(request, text(404, 'no_service'));
    const payload = parseJson(request.body);
    if (request.method !== 'POST' || !isJsonObject(payload)) {
      return this.refuse(request, text(400, 'invalid_payload'));
    }
    const problem = checkMessage(payload);
    if (problem !== undefined) return this.refuse(request, text(400, problem.error));
    const wait = this.waitSeconds(WEBHOOK_CHANNEL);
    if (wait > 0) return this.refuse(request, text(429, 'rate_limited', { 'retry-after': String(wait) }));
    this.record('webhook', WEBHOOK_CHANNEL, payload);
    return text(200, 'ok');
  }

  private answerMethod(method: Method, request: HttpRequest): HttpAnswer {
    const problem = this.accessProblem(request);
    const payload = parseJson(request.body);
    const told = problem ?? (isJsonObject(payload) ? this.act(method, payload) : { error: 'invalid_json' });
    if (told.error === undefined) return json(200, { ok: true, ...told });
    const { retryAfter, ...refusal } = told;
    const answer =
      retryAfter === undefined
        ? json(200, { ok: false, ...refusal })
        : json(429, { ok: false, ...refusal }, { 'retry-after': String(retryAfter) });
    return this.refuse(request, answer);
  }

  private accessProblem({ headers }: HttpRequest): Told | undefined {
    if (headers.authorization === undefined) return { error: 'not_authed' };
    if (headers.authorization !== `Bearer ${this.secrets.botToken}`) return { error: 'invalid_auth' };
    if (!JSON_TYPE.test(headers['content-type'] ?? '')) return { error: 'invalid_post_type' };
    return undefined;
  }

  private act(method: Method, payload: JsonObject): Told {
    switch (method) {
      case 'chat.postMessage':
        return this.post(payload);
      case 'chat.update':
        return this.update(payload);
      case 'chat.delete':
        return this.delete(payload);
    }
  }

  private post(payload: JsonObject): Told {
    const { channel, thread_ts: thread } = payload;
    if (typeof channel !== 'string' || channel === '' || this.missingChannels.has(channel)) {
      return { error: 'channel_not_found' };
    }
    const id = this.channels.idOf(channel);
    if (thread !== undefined && this.channels.find(id, thread) === undefined) {
      return { error: 'thread_not_found' };
    }
    const problem = checkMessage(payload);
    if (problem !== undefined) return { ...problem };
    const wait = this.waitSeconds(id);
    if (wait > 0) return { error: 'ratelimited', retryAfter: wait };
    const { ts } = this.channels.add(channel, this.clock.now(), thread as string | undefined);
    this.record('chat.postMessage', channel, payload, ts);
    return { channel: id, ts, message: { type: 'message', text: payload['text'] ?? '', ts } };
  }

  private update(payload: JsonObject): Told {
    const standing = this.channels.find(payload['channel'], payload['ts']);
    if (standing === undefined) return { error: 'message_not_found' };
    const problem = checkMessage(payload, LONGEST.updated);
    if (problem !== undefined) return { ...problem };
    this.record('chat.update', standing.channel, payload, standing.ts);
    return { channel: standing.channel, ts: standing.ts, text: payload['text'] ?? '' };
  }

  private delete(payload: JsonObject): Told {
    const standing = this.channels.find(payload['channel'], payload['ts']);
    if (standing === undefined) return { error: 'message_not_found' };
    this.channels.remove(standing);
    return { channel: standing.channel, ts: standing.ts };
  }

  private waitSeconds(channel: string): number {
    return this.limitRate ? this.rate.take(channel, this.clock.now()) : 0;
  }

  private record(via: SlackMessage['via'], channel: string, payload: JsonObject, ts?: string): void {
    const { text: words, blocks } = payload;
    this.messages.add({
      receivedAt: new Date(this.clock.now()).toISOString(),
      via,
      channel,
      ...(typeof words === 'string' ? { text: words } : {}),
      ...(Array.isArray(blocks) ? { blocks } : {}),
      ...(ts === undefined ? {} : { ts }),
      payload,
    });
  }

  private refuse(request: HttpRequest, answer: HttpAnswer): HttpAnswer {
    this.refused.add({ error: answer.body ?? '', body: request.body.toString() });
    return answer;
  }
}
