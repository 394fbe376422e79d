import { Type, type Static } from '@sinclair/typebox';
import { streamOf } from '../../catalogue/event-types.js';
import type { CanonicalEvent } from '../../contracts/event.js';

/** An event as people write it in examples: the type, and whatever of the rest matters. */
export const ShortEvent = Type.Object(
  {
    type: Type.String({ minLength: 1, description: 'Short name: `marketo.activity.clicklink`.' }),
    id: Type.Optional(Type.String({ minLength: 1, description: 'One of its own unless given.' })),
    time: Type.Optional(
      Type.String({
        description: 'RFC 3339. The time of the event before it unless given; time moves by these.',
      }),
    ),
    leadId: Type.Optional(Type.Union([Type.String(), Type.Integer()])),
    munchkinId: Type.Optional(Type.String({ description: '`123-ABC-456` unless given.' })),
    source: Type.Optional(Type.String()),
    subject: Type.Optional(Type.String()),
    data: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    attributes: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'Activity attributes by name.' }),
    ),
  },
  { additionalProperties: false },
);
export type ShortEvent = Static<typeof ShortEvent>;

const FIRST_TIME = '2026-01-05T09:00:00Z';

export function isTime(text: string): boolean {
  return !Number.isNaN(Date.parse(text));
}

/** Completes events that were written in short form, in order. Their times must be times. */
export function completeEvents(shortEvents: readonly ShortEvent[]): CanonicalEvent[] {
  let time = FIRST_TIME;
  return shortEvents.map((short, index) => {
    if (short.time !== undefined) time = inUtc(short.time);
    const { type, subject, leadId, munchkinId = '123-ABC-456', source = 'urn:example' } = short;
    return {
      id: short.id ?? `event-${index + 1}`,
      type,
      connection: 'trial',
      source,
      ...(subject === undefined ? {} : { subject }),
      time,
      receivedAt: time,
      stream: streamOf(type),
      munchkinId,
      ...(leadId === undefined ? {} : { leadId: String(leadId) }),
      data: short.data ?? {},
      attributes: short.attributes ?? {},
      oddities: [],
    };
  });
}

/** A time that is in UTC already stays as it was written, as it does when an event comes in. */
function inUtc(time: string): string {
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(time) ? time : new Date(time).toISOString();
}
