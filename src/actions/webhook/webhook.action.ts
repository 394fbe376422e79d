import type { Clock } from '../../contracts/clock.js';
import type { WebhookDestination } from '../../contracts/connections.js';
import type { Effect, Receipt } from '../../contracts/effect.js';
import { Failure, permanent } from '../../contracts/failure.js';
import type { Action, Attempt } from '../action.js';
import type { HttpAnswer, HttpClient } from '../../http/http-client.js';
import { failureOfStatus, statusLine } from '../../http/http-failure.js';
import { shownAnswer, shownRequest, shownSecretUrl } from '../../http/shown-exchange.js';
import { hideSecrets } from '../common/hide-secrets.js';
import { readParams } from '../common/read-params.js';
import { signatureHeaders } from './sign.js';
import { WebhookParams } from './webhook.params.js';

/** Receivers are built for events, not for files; more than this is a template gone wild. */
const MAX_BODY_BYTES = 262_144;
/** The answer's body is read only so that the connection can be used again, and for people. */
const MAX_ANSWER_BYTES = 65_536;
/** Shorter words of a header or a query are no secrets, and are in answers by chance. */
const SHORTEST_SECRET = 8;

/** Sends JSON signed by Standard Webhooks. Receivers recognise a repeat by `webhook-id`. */
export class WebhookAction implements Action<WebhookDestination> {
  readonly type = 'webhook';
  readonly repeatable = true;
  readonly timeoutMs = 10_000;

  constructor(
    private readonly http: HttpClient,
    private readonly clock: Clock,
  ) {}

  async send({ effect, destination, signal, trace }: Attempt<WebhookDestination>): Promise<Receipt> {
    const service = `The webhook ${effect.to}`;
    const body = bodyOf(effect);
    const { method, url, urlIsSecret, headers, secrets, tls } = destination;
    const request = {
      method,
      url,
      headers: {
        ...headers,
        'content-type': 'application/json',
        ...signatureHeaders(secrets, effect.id, this.clock.now(), body),
      },
      body,
    };
    const shownUrl = urlIsSecret === true ? shownSecretUrl(url) : url;
    trace.sent(shownRequest({ ...request, url: shownUrl }, Object.keys(headers)));
    const answer = await this.http.send({
      ...request,
      service,
      signal,
      tls,
      timeoutMs: this.timeoutMs,
      ...(destination.allowPrivateAddresses ? {} : { publicOnly: { connection: effect.to } }),
      maxBytes: MAX_ANSWER_BYTES,
    });
    const hide = hideSecrets(secretsOf(destination));
    trace.answered(shownAnswer({ status: answer.status, body: hide(answer.body) }));
    const failure = webhookFailure(service, answer, this.clock.now());
    if (failure) throw failure;
    return { summary: statusLine(answer.status) };
  }
}

/** What of the connection nobody is shown, though a receiver may quote it. */
function secretsOf({ url, urlIsSecret, headers }: WebhookDestination): string[] {
  const open = [...Object.values(headers), ...new URL(url).searchParams.values()].flatMap(secretsIn);
  return urlIsSecret === true ? [url, ...open] : open;
}

/** A text, whole or without the scheme before it. */
function secretsIn(value: string): string[] {
  return [value, ...value.split(' ')].filter((text) => text.length >= SHORTEST_SECRET);
}

function bodyOf(effect: Effect): string {
  const body = JSON.stringify(readParams(WebhookParams, effect).body ?? {});
  const bytes = Buffer.byteLength(body);
  if (bytes <= MAX_BODY_BYTES) return body;
  throw permanent(
    'webhook.too_long',
    `The body has ${Math.ceil(bytes / 1024)} kB, but a webhook carries ${MAX_BODY_BYTES / 1024} kB at most: ` +
      'give a "body" in the rule that has only what the receiver needs.',
  );
}

/** By 410 a receiver asks to be sent nothing more (Standard Webhooks). */
function webhookFailure(service: string, answer: HttpAnswer, now: number): Failure | undefined {
  const failure = failureOfStatus(service, answer, now);
  if (failure === undefined || answer.status !== 410) return failure;
  const { code, message, retry } = failure;
  return new Failure(`${message}: it asks to be sent nothing more`, { code, retry, destination: 'gone' });
}
