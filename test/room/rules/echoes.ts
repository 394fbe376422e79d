import type { RawBatch } from '../../../src/contracts/batch.js';
import type { CanonicalEvent } from '../../../src/contracts/event.js';
import type { JsonObject } from '../../../src/contracts/json.js';
import { readBatch } from '../../../src/ingest/read-batch.js';
import { ADOBE, batchOf, CLIENT_ID, PUSH } from '../../support/delivery-samples.js';

export const INSTANCE = '123-ABC-456';

/** An activity as Marketo tells it, in either transport. */
export interface Told {
  /** As it is displayed: `Add To List`. */
  readonly activityType: string;
  readonly activityTypeId: number;
  readonly lead: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Unique to the activity. */
  readonly guid: string;
  /** Further members of the activity, such as `primaryAttributeValueId` and `campaignId`. */
  readonly members?: JsonObject;
  readonly attributes?: JsonObject;
}

export const TRANSPORTS = ['adobe', 'push'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** The event that a worker makes of it. */
export function eventOf(told: Told, transport: Transport = 'adobe'): CanonicalEvent {
  const batch = transport === 'adobe' ? streamed(told) : pushed(told);
  const receivedAt = new Date(told.at + 2_000).toISOString();
  const { events, unreadable } = readBatch({ ...batch, receivedAt }, transport === 'adobe' ? ADOBE : PUSH);
  const [event] = events;
  if (event === undefined) throw new Error(`not readable: ${JSON.stringify(unreadable)}`);
  return event;
}

function streamed({ lead, guid, ...told }: Told): RawBatch {
  const suffix = told.activityType.toLowerCase().replaceAll(' ', '');
  const type = told.activityTypeId >= 100_000 ? 'custom' : `standard.${suffix}`;
  return batchOf('adobe', {
    specversion: '1.0',
    eventid: `io-${guid}`,
    id: guid,
    type: `com.adobe.platform.marketo.activity.${type}`,
    source: 'urn:marketo_activity_stream',
    time: new Date(told.at).toISOString(),
    datacontenttype: 'application/json',
    data: { munchkinId: INSTANCE, leadId: String(lead), ...activityOf(told) },
    recipientclientid: CLIENT_ID,
  });
}

function pushed({ lead, guid, ...told }: Told): RawBatch {
  return batchOf('marketo', {
    sourceApplication: 'Marketo',
    munchkinId: INSTANCE,
    messageId: '1',
    messageCreatedDate: new Date(told.at).toISOString(),
    activities: [{ marketoGUID: guid, leadId: lead, ...activityOf(told) }],
  });
}

function activityOf({
  at,
  activityType,
  activityTypeId,
  members,
  attributes = {},
}: Omit<Told, 'lead' | 'guid'>) {
  return {
    activityDate: new Date(at).toISOString(),
    activityType,
    activityTypeId,
    ...members,
    attributes: Object.entries(attributes).map(([name, value]) => ({ name, dataType: typeof value, value })),
  };
}
