import type { CanonicalEvent, Oddity } from '../../contracts/event.js';
import { readAttributes } from './attributes.js';
import { activityId, eventId, plainId } from './event-id.js';
import { ACTIVITY, onlyKnown } from './known-members.js';
import { eventTime, type Receipt } from './receipt.js';
import { textOf } from './reading.js';

/** What both transports know of an activity, before it is one event. */
export interface ActivityParts {
  readonly type: string;
  readonly source: string;
  readonly subject?: string | undefined;
  readonly munchkinId: string | undefined;
  /** The GUID that the direct push and Adobe I/O have in common. */
  readonly guid: string | undefined;
  /** Identity where there is no GUID. */
  readonly fallbackId?: string | undefined;
  /** Time of the message, used where the activity has none. */
  readonly messageTime: unknown;
  /** Owned by the reader: `leadId` is put right in place. */
  readonly data: Record<string, unknown>;
  readonly element: unknown;
  readonly receipt: Receipt;
  readonly oddities: Oddity[];
}

/**
 * One lead activity, the same event whichever transport brought it. Its time is the activity's own: the time of the
 * message around it differs between the transports.
 */
export function leadActivity(parts: ActivityParts): CanonicalEvent {
  const { data, oddities, munchkinId } = parts;
  const leadId = leadIdOf(data['leadId']);
  if (leadId === undefined) oddities.push('missing-lead');
  else data['leadId'] = leadId;
  const attributes = readAttributes(data['attributes']);
  if ((!attributes.asDocumented || !onlyKnown(data, ACTIVITY)) && !oddities.includes('unknown-member'))
    oddities.push('unknown-member');
  return {
    id: eventId(idOf(parts), parts.element, oddities),
    type: parts.type,
    connection: parts.receipt.source,
    source: parts.source,
    ...(parts.subject === undefined ? undefined : { subject: parts.subject }),
    ...eventTime(data['activityDate'] ?? parts.messageTime, parts.receipt, oddities),
    stream: 'lead-activity',
    ...(munchkinId === undefined ? undefined : { munchkinId }),
    ...(leadId === undefined ? undefined : { leadId }),
    data,
    attributes: attributes.byName,
    oddities,
  };
}

function idOf({ receipt: { source }, munchkinId, guid, fallbackId }: ActivityParts): string | undefined {
  if (guid !== undefined) return activityId(source, munchkinId, guid);
  return fallbackId === undefined ? undefined : plainId(source, fallbackId);
}

/** Lead ids are numbers in one transport and text in the other. */
function leadIdOf(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : textOf(value);
}
