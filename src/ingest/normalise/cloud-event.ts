import { streamOf } from '../../catalogue/event-types.js';
import type { RawBatch } from '../../contracts/batch.js';
import type { EventsSource, OwnSource, WebhookSource } from '../../contracts/connections.js';
import type { Oddity } from '../../contracts/event.js';
import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import { EMITTED_TYPE } from '../../contracts/own-event.js';
import { senderNotAllowed } from './binding.js';
import { eventId } from './event-id.js';
import { ownAttributes } from './own-attributes.js';
import { dataOf, type Reading, textOf, typeOf } from './reading.js';
import { type EventTime, eventTime, type Receipt, timeOfReceipt } from './receipt.js';

/** Names that only Adobe's deliveries and Signalman itself may give to an event. */
const RESERVED = /^(marketo|signalman)\./;
const OWN = new RegExp(`^signalman\\.|${EMITTED_TYPE}`);

/**
 * Reads one CloudEvent 1.0 in JSON from any system, or from Signalman itself. The type stays as it is: nobody can pass
 * for Marketo, and nobody but Signalman for Signalman. Data that is no object is found under `data.value`, binary data under `data.base64`.
 */
export function readCloudEvent(
  event: unknown,
  batch: RawBatch,
  connection: EventsSource | WebhookSource | OwnSource,
): Reading {
  if (!isJsonObject(event)) return { reason: 'It is not a JSON object.' };
  const missing = missingAttributes(event);
  if (missing.length > 0) return { reason: `It is no CloudEvent 1.0: ${missing.join(', ')}.` };
  const type = event['type'] as string;
  const source = event['source'] as string;
  const notAllowed = typeNotAllowed(type, connection) ?? sourceNotAllowed(source, connection, batch);
  if (notAllowed !== undefined) return { reason: notAllowed };
  const oddities: Oddity[] = [];
  const subject = textOf(event['subject']);
  return {
    id: eventId(identity(batch.source, source, event['id'] as string), event, oddities),
    type,
    connection: batch.source,
    source,
    ...(subject === undefined ? undefined : { subject }),
    ...timeOf(event, batch, oddities),
    stream: streamOf(type),
    ...(connection.kind === 'signalman' ? ownAttributes(event) : undefined),
    data: payloadOf(event),
    attributes: {},
    oddities,
  };
}

function typeNotAllowed(type: string, { kind }: { readonly kind: string }): string | undefined {
  if (kind === 'signalman') return OWN.test(type) ? undefined : 'Signalman makes no events of this type.';
  return RESERVED.test(type) ? 'Types that begin with marketo. or signalman. are reserved.' : undefined;
}

function sourceNotAllowed(
  sender: string,
  connection: EventsSource | WebhookSource | OwnSource,
  { source }: RawBatch,
): string | undefined {
  return connection.kind === 'events' ? senderNotAllowed(sender, connection, source) : undefined;
}

function missingAttributes(event: JsonObject): string[] {
  const missing: string[] = [];
  if (event['specversion'] !== '1.0') missing.push('specversion must be "1.0"');
  if (typeOf(event['type']) === undefined) missing.push('type must be a text of 1 to 256 characters');
  for (const name of ['source', 'id'] as const)
    if (textOf(event[name]) === undefined) missing.push(`${name} must be a text that is not empty`);
  return missing;
}

/** CloudEvents may leave out the time; then it is the time of receipt and nothing is odd about it. */
function timeOf(event: JsonObject, receipt: Receipt, oddities: Oddity[]): EventTime {
  return event['time'] === undefined ? timeOfReceipt(receipt) : eventTime(event['time'], receipt, oddities);
}

/** Escaped so that no two pairs of source and id come to the same text. */
function identity(connection: string, source: string, id: string): string {
  return `${connection}/${source.replaceAll('%', '%25').replaceAll('#', '%23')}#${id}`;
}

function payloadOf(event: JsonObject): JsonObject {
  const base64 = event['data_base64'];
  return typeof base64 === 'string' ? { base64 } : dataOf(event['data']);
}
