import { activityTypeById } from '../../catalogue/activity-types.js';
import { isKnownEventType, shortTypeName, streamOf } from '../../catalogue/event-types.js';
import type { RawBatch } from '../../contracts/batch.js';
import type { AdobeSource } from '../../contracts/connections.js';
import type { CanonicalEvent, Oddity, Stream } from '../../contracts/event.js';
import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import { instanceNotAllowed } from './binding.js';
import { eventId, plainId } from './event-id.js';
import { AUDIT, CLOUD_EVENT, IO_ENVELOPE, NOTIFICATION, onlyKnown } from './known-members.js';
import { leadActivity } from './lead-activity.js';
import { dataOf, type Reading, textOf, typeOf } from './reading.js';
import { notOurs } from './recipient.js';
import { eventTime, type Receipt } from './receipt.js';

/**
 * Reads one item of an Adobe I/O delivery: a flat CloudEvent (lead activity, observability), or an envelope with the
 * CloudEvent in `event.body` (user audit, notification) or, as in their first version, in `event` itself.
 */
export function readAdobeItem(item: unknown, batch: RawBatch, source: AdobeSource): Reading {
  if (!isJsonObject(item)) return { reason: 'It is not a JSON object.' };
  const foreign = notOurs(item, source.clientId, batch.route);
  if (foreign !== undefined) return { reason: foreign };
  const envelope = cloudEventIn(item);
  const fullType = typeOf(envelope['type']);
  if (fullType === undefined) return { reason: 'It has no type, or one that is no name.' };
  const oddities: Oddity[] = [];
  const flat = envelope === item;
  if (!onlyKnown(envelope, CLOUD_EVENT) || !(flat || onlyKnown(item, IO_ENVELOPE)))
    oddities.push('unknown-member');
  const data = dataOf(envelope['data']);
  const type = knownType(shortTypeName(fullType), data, oddities);
  const stream = streamOf(type);
  const munchkinId = textOf(data['munchkinId']);
  const notAllowed = instanceNotAllowed(munchkinId, stream, source, batch.source);
  if (notAllowed !== undefined) return { reason: notAllowed };
  if (stream === 'lead-activity') {
    return leadActivity({
      type,
      source: textOf(envelope['source']) ?? '',
      subject: textOf(envelope['subject']),
      munchkinId,
      guid: textOf(envelope['id']),
      fallbackId: ioEventId(item),
      messageTime: envelope['time'],
      data,
      element: item,
      receipt: batch,
      oddities,
    });
  }
  if (!membersKnown(data, stream) && !oddities.includes('unknown-member')) oddities.push('unknown-member');
  return otherEvent({ item, envelope, data, munchkinId, type, stream, receipt: batch, oddities });
}

function cloudEventIn(item: Record<string, unknown>): Record<string, unknown> {
  const event = item['event'];
  if (!isJsonObject(event)) return item;
  return isJsonObject(event['body']) ? event['body'] : event;
}

/** In the journal it may stand inside the wrapping. */
function ioEventId(item: JsonObject): string | undefined {
  const event = isJsonObject(item['event']) ? item['event'] : {};
  const [beside, inside] = [item, event].map(
    (place) => textOf(place['eventid']) ?? textOf(place['event_id']),
  );
  return beside ?? inside;
}

/** The number of an activity is surer than its event code: Adobe's spelling of some codes is in doubt. */
function knownType(type: string, data: JsonObject, oddities: Oddity[]): string {
  if (isKnownEventType(type)) return type;
  const number = data['activityTypeId'];
  const activity =
    typeof number === 'number' && streamOf(type) === 'lead-activity' ? activityTypeById(number) : undefined;
  if (activity !== undefined) return activity.type;
  oddities.push('unknown-type');
  return type;
}

function membersKnown(data: JsonObject, stream: Stream): boolean {
  if (stream === 'user-audit') return onlyKnown(data, AUDIT);
  return stream !== 'notification' || onlyKnown(data, NOTIFICATION);
}

interface OtherParts {
  readonly item: JsonObject;
  readonly envelope: JsonObject;
  readonly data: JsonObject;
  readonly munchkinId: string | undefined;
  readonly type: string;
  readonly stream: Stream;
  readonly receipt: Receipt;
  readonly oddities: Oddity[];
}

function otherEvent(parts: OtherParts): CanonicalEvent {
  const { item, envelope, data, munchkinId, oddities, receipt } = parts;
  const subject = textOf(envelope['subject']);
  const id = ioEventId(item) ?? textOf(envelope['id']);
  return {
    id: eventId(id === undefined ? undefined : plainId(receipt.source, id), item, oddities),
    type: parts.type,
    connection: receipt.source,
    source: textOf(envelope['source']) ?? '',
    ...(subject === undefined ? undefined : { subject }),
    ...eventTime(envelope['time'], receipt, oddities),
    stream: parts.stream,
    ...(munchkinId === undefined ? undefined : { munchkinId }),
    data,
    attributes: {},
    oddities,
  };
}
