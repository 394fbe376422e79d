import { isUtf8 } from 'node:buffer';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiKeys } from '../../access/api-keys.js';
import { includes, type Key } from '../../access/key.js';
import type { EventsSource } from '../../contracts/connections.js';
import { readBatch } from '../read-batch.js';
import { BatchWriter } from './batch-writer.js';
import { isBinaryMode, toStructured } from './binary-mode.js';
import { CredentialCheck } from './credential-check.js';
import { badRequest, forbidden, unauthorized } from './door-error.js';
import { anyBody, jsonBody } from './request-body.js';
import { presentedKey, sameSecret } from '../../access/secrets.js';

const KEY_MISSING = 'Send the API key of this source as Authorization: Bearer or x-api-key.';

export interface Accepted {
  readonly accepted: number;
  /** Events of a batch that could not be read: kept, to be looked at. */
  readonly quarantined: number;
}

/** What stands between any sender of CloudEvents 1.0 and the events queue. */
@Injectable()
export class EventsDoor {
  constructor(
    private readonly writer: BatchWriter,
    private readonly credentials: CredentialCheck,
    private readonly keys: ApiKeys,
  ) {}

  /** Takes structured, batched and binary mode. Throws the answer to give when nothing could be taken. */
  async take(name: string, source: EventsSource, request: FastifyRequest): Promise<Accepted> {
    const { headers } = request;
    if (source.insecure !== true) await this.admit(name, source, request);
    const body = isBinaryMode(headers) ? toStructured(headers, binaryData(request)) : jsonBody(request);
    const counts = check(name, source, body);
    await this.writer.write(name, 'events', body);
    return counts;
  }

  /** The source's own key, or any key whose holder may send to it. */
  private async admit(name: string, { apiKey }: EventsSource, request: FastifyRequest): Promise<void> {
    const presented = presentedKey(request.headers);
    if (presented === undefined) throw unauthorized(KEY_MISSING);
    const sender = await this.credentials.check(name, request, presented, async () =>
      apiKey !== undefined && sameSecret(presented, apiKey) ? 'owner' : await this.keys.verify(presented),
    );
    if (sender === undefined) throw unauthorized(KEY_MISSING);
    if (sender !== 'owner' && !maySend(sender, name))
      throw forbidden('This key may not send to this source: it takes one with the role ingest.');
  }
}

function maySend({ role, source }: Key, name: string): boolean {
  return includes(role, 'ingest') && (source === undefined || source === name);
}

function binaryData(request: FastifyRequest): Buffer {
  return request.body === undefined || request.body === null ? Buffer.alloc(0) : anyBody(request);
}

/** A sender of one bad event can mend it and is told how; one bad event of a batch does not cost the others. */
function check(source: string, connection: EventsSource, body: Buffer): Accepted {
  if (!isUtf8(body)) throw badRequest('invalid_body', 'The body is not valid UTF-8.');
  const batch = {
    source,
    kind: 'events',
    route: 'webhook',
    mode: 'live',
    receivedAt: new Date(0).toISOString(),
    bodies: [body],
  } as const;
  const { events, unreadable } = readBatch(batch, connection);
  const whole = unreadable.find(({ at }) => at === '0');
  if (whole !== undefined) throw badRequest('invalid_event', whole.reason);
  return { accepted: events.length, quarantined: unreadable.length };
}
