import type { Clock } from '../../contracts/clock.js';
import type { WebhookDestination } from '../../contracts/connections.js';
import type { Receipt } from '../../contracts/effect.js';
import type { Action, Attempt } from '../action.js';
import type { HttpClient } from '../../http/http-client.js';
import { failureOfStatus, statusLine } from '../../http/http-failure.js';
import { readParams } from '../common/read-params.js';
import { signatureHeaders } from './sign.js';
import { WebhookParams } from './webhook.params.js';

/** The answer's body is read only so that the connection can be used again. */
const MAX_ANSWER_BYTES = 65_536;

/** Posts JSON signed by Standard Webhooks. Receivers recognise a repeat by `webhook-id`. */
export class WebhookAction implements Action<WebhookDestination> {
  readonly type = 'webhook';
  readonly repeatable = true;
  readonly timeoutMs = 10_000;

  constructor(
    private readonly http: HttpClient,
    private readonly clock: Clock,
  ) {}

  async send({ effect, destination, signal }: Attempt<WebhookDestination>): Promise<Receipt> {
    const body = JSON.stringify(readParams(WebhookParams, effect).body ?? {});
    const answer = await this.http.send({
      service: `The webhook ${effect.to}`,
      method: 'POST',
      url: destination.url,
      headers: {
        'content-type': 'application/json',
        ...signatureHeaders(destination.secrets, effect.id, this.clock.now(), body),
      },
      body,
      signal,
      timeoutMs: this.timeoutMs,
      ...(destination.allowPrivateAddresses ? {} : { publicOnly: { connection: effect.to } }),
      maxBytes: MAX_ANSWER_BYTES,
    });
    const failure = failureOfStatus(`The webhook ${effect.to}`, answer, this.clock.now());
    if (failure) throw failure;
    return { summary: statusLine(answer.status) };
  }
}
