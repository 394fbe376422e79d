import { request } from 'undici';
import type { SourceKind } from '../../../src/contracts/batch.js';
import type { SourceConnection } from '../../../src/contracts/connections.js';
import type { Payload, SenderAnswer, SendOptions } from '../../../src/sandbox/adobe-sender.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';

type Headers = Readonly<Record<string, string>>;
type Body = object | string | Buffer;

const LONGEST_MS = 10_000;

/** The doors of an app, each used as its real sender uses it: no redirects, no retries, ten seconds for an answer. */
export class Doors {
  constructor(
    private readonly origin: string,
    private readonly sandbox: Sandbox,
  ) {}

  get clientId(): string {
    return this.source('marketo-io', 'adobe').clientId;
  }

  /** Signed, as Adobe I/O Events posts. */
  async adobe(payload: Payload, options: SendOptions = {}, source = 'marketo-io'): Promise<SenderAnswer> {
    return this.sandbox.adobe.send(`${this.origin}/ingest/adobe/${source}`, payload, options);
  }

  /** Marketo's own push. */
  async push(body: Body, headers: Headers = {}): Promise<SenderAnswer> {
    const { token } = this.source('marketo-push', 'marketo');
    return this.post('/ingest/marketo/marketo-push', body, {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      ...headers,
    });
  }

  /** CloudEvents of another system: structured unless the headers say otherwise. */
  async events(body: Body, headers: Headers = {}): Promise<SenderAnswer> {
    const { apiKey } = this.source('crm', 'events');
    return this.post('/ingest/events/crm', body, {
      'content-type': 'application/cloudevents+json',
      authorization: `Bearer ${apiKey}`,
      ...headers,
    });
  }

  /** An object goes as JSON, anything else as it is. */
  async post(path: string, body: Body, headers: Headers): Promise<SenderAnswer> {
    const {
      statusCode,
      headers: answered,
      body: answer,
    } = await request(this.origin + path, {
      method: 'POST',
      headers,
      body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(LONGEST_MS),
    });
    return { status: statusCode, headers: answered, body: await answer.text() };
  }

  async get(path: string): Promise<SenderAnswer> {
    const { statusCode, headers, body } = await request(this.origin + path, {
      signal: AbortSignal.timeout(LONGEST_MS),
    });
    return { status: statusCode, headers, body: await body.text() };
  }

  private source<K extends SourceKind>(name: string, kind: K): Extract<SourceConnection, { kind: K }> {
    const source = this.sandbox.connections.sources[name];
    if (source?.kind !== kind) throw new Error(`The sandbox has no source ${name} of kind ${kind}.`);
    return source as Extract<SourceConnection, { kind: K }>;
  }
}
