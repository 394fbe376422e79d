import { type Clock, systemClock } from '../contracts/clock.js';
import type { SlackDestination } from '../contracts/connections.js';
import { isJsonObject, type JsonObject } from '../contracts/json.js';
import { type HttpAnswer, type HttpRequest, json, text } from './http/http-answer.js';
import { HttpStandIn } from './http/http-stand-in.js';
import { ReceivedLog } from './received-log.js';
import { checkMessage } from './slack/message-check.js';
import { ChannelRate } from './slack/channel-rate.js';

export interface SlackMessage {
  readonly receivedAt: string;
  readonly via: 'webhook' | 'chat.postMessage';
  /** The incoming webhook has a channel of its own, `#ops`. */
  readonly channel: string;
  readonly text?: string;
  readonly blocks?: readonly unknown[];
  readonly payload: JsonObject;
}

export interface SlackSecrets {
  /** The last part of the webhook's path. */
  readonly webhookToken: string;
  readonly botToken: string;
}

const WEBHOOK_CHANNEL = '#ops';
const JSON_TYPE = /^application\/json\b/;

/** Slack on loopback: one incoming webhook and `chat.postMessage`, refusing what Slack refuses. */
export class SlackStandIn extends HttpStandIn {
  readonly messages = new ReceivedLog<SlackMessage>();
  /** What was refused, with Slack's word for it. */
  readonly refused = new ReceivedLog<{ readonly error: string; readonly body: string }>();
  /** Channels that `chat.postMessage` does not find; every other one exists. */
  readonly missingChannels = new Set<string>();
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
  }

  protected answer(request: HttpRequest): HttpAnswer {
    const { pathname } = request.url;
    if (pathname.startsWith('/services/')) return this.answerWebhook(request);
    if (pathname === '/api/chat.postMessage') return this.answerPost(request);
    return json(200, { ok: false, error: 'unknown_method', req_method: pathname.replace('/api/', '') });
  }

  private get webhookPath(): string {
    return `/services/T0SANDBOX/B0SANDBOX/${this.secrets.webhookToken}`;
  }

  private answerWebhook(request: HttpRequest): HttpAnswer {
    if (request.url.pathname !== this.webhookPath) return this.refuse(request, text(404, 'no_service'));
    const payload = parseObject(request.body);
    if (request.method !== 'POST' || payload === undefined) {
      return this.refuse(request, text(400, 'invalid_payload'));
    }
    const problem = checkMessage(payload);
    if (problem !== undefined) return this.refuse(request, text(400, problem.error));
    const wait = this.waitSeconds(WEBHOOK_CHANNEL);
    if (wait > 0) return this.refuse(request, text(429, 'rate_limited', { 'retry-after': String(wait) }));
    this.record('webhook', WEBHOOK_CHANNEL, payload);
    return text(200, 'ok');
  }

  private answerPost(request: HttpRequest): HttpAnswer {
    const problem = this.postProblem(request);
    if (problem !== undefined) return this.refuse(request, json(200, { ok: false, ...problem }));
    const payload = parseObject(request.body) ?? {};
    const channel = String(payload['channel']);
    const wait = this.waitSeconds(channel);
    if (wait > 0) {
      const limited = json(429, { ok: false, error: 'ratelimited' }, { 'retry-after': String(wait) });
      return this.refuse(request, limited);
    }
    this.record('chat.postMessage', channel, payload);
    const ts = `${(this.clock.now() / 1000).toFixed(3)}${String(this.messages.size % 1000).padStart(3, '0')}`;
    const message = { type: 'message', text: payload['text'] ?? '', ts };
    return json(200, { ok: true, channel, ts, message });
  }

  private postProblem(request: HttpRequest): { error: string; response_metadata?: JsonObject } | undefined {
    const { authorization } = request.headers;
    if (authorization === undefined) return { error: 'not_authed' };
    if (authorization !== `Bearer ${this.secrets.botToken}`) return { error: 'invalid_auth' };
    if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) return { error: 'invalid_post_type' };
    const payload = parseObject(request.body);
    if (payload === undefined) return { error: 'invalid_json' };
    const { channel } = payload;
    if (typeof channel !== 'string' || channel === '' || this.missingChannels.has(channel)) {
      return { error: 'channel_not_found' };
    }
    return checkMessage(payload);
  }

  private waitSeconds(channel: string): number {
    return this.limitRate ? this.rate.take(channel, this.clock.now()) : 0;
  }

  private record(via: SlackMessage['via'], channel: string, payload: JsonObject): void {
    const { text: words, blocks } = payload;
    this.messages.add({
      receivedAt: new Date(this.clock.now()).toISOString(),
      via,
      channel,
      ...(typeof words === 'string' ? { text: words } : {}),
      ...(Array.isArray(blocks) ? { blocks } : {}),
      payload,
    });
  }

  private refuse(request: HttpRequest, answer: HttpAnswer): HttpAnswer {
    this.refused.add({ error: answer.body ?? '', body: request.body.toString() });
    return answer;
  }
}

function parseObject(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
