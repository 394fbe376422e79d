import type { IncomingHttpHeaders } from 'node:http';
import type { WebhookDestination } from '../contracts/connections.js';
import { type HttpAnswer, type HttpRequest, json } from './http/http-answer.js';
import { HttpStandIn } from './http/http-stand-in.js';
import { ReceivedLog } from './received-log.js';
import { signatureProblem } from './webhook/standard-webhooks.js';

export interface WebhookDelivery {
  readonly receivedAt: string;
  readonly method: string;
  /** The `webhook-id` header. */
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as text, exactly as signed. */
  readonly body: string;
}

/** All deliveries of one `webhook-id`. */
export interface UniqueDelivery {
  readonly id: string;
  readonly count: number;
  readonly first: WebhookDelivery;
}

const PATH = '/hook';
const METHODS: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** The far end of an outbound webhook: checks Standard Webhooks signatures and refuses the rest with 401. */
export class WebhookReceiver extends HttpStandIn {
  readonly deliveries = new ReceivedLog<WebhookDelivery>();
  readonly refused = new ReceivedLog<{ readonly reason: string; readonly request: HttpRequest }>();

  /** `secret` as in the connections file: `whsec_` and base64. */
  constructor(readonly secret: string) {
    super();
  }

  get url(): string {
    return this.origin + PATH;
  }

  destination(): WebhookDestination {
    return {
      kind: 'webhook',
      url: this.url,
      method: 'POST',
      secrets: [this.secret],
      headers: {},
      allowPrivateAddresses: true,
    };
  }

  /** Every accepted delivery, repeats included, oldest first. */
  all(): readonly WebhookDelivery[] {
    return this.deliveries.all();
  }

  /** Accepted deliveries by `webhook-id`, with how often each came. */
  unique(): readonly UniqueDelivery[] {
    const byId = new Map<string, UniqueDelivery>();
    for (const delivery of this.all()) {
      const known = byId.get(delivery.id) ?? { id: delivery.id, count: 0, first: delivery };
      byId.set(delivery.id, { ...known, count: known.count + 1 });
    }
    return [...byId.values()];
  }

  override clear(): void {
    super.clear();
    this.deliveries.clear();
    this.refused.clear();
  }

  protected answer(request: HttpRequest): HttpAnswer {
    if (request.url.pathname !== PATH) return this.refuse(request, 404, 'no such path');
    if (!METHODS.has(request.method)) return this.refuse(request, 405, 'no such method here');
    const problem = signatureProblem(request, this.secret, Date.now());
    if (problem !== undefined) return this.refuse(request, 401, problem);
    this.deliveries.add({
      receivedAt: new Date().toISOString(),
      method: request.method,
      id: String(request.headers['webhook-id']),
      headers: request.headers,
      body: request.body.toString(),
    });
    return json(200, { received: true });
  }

  private refuse(request: HttpRequest, status: number, reason: string): HttpAnswer {
    this.refused.add({ reason, request });
    return json(status, { error: reason });
  }
}
