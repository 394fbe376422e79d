import type { CanonicalEvent, Cause } from '../../contracts/event.js';
import type { JsonObject } from '../../contracts/json.js';
import { OWN_ATTRIBUTES } from '../../contracts/own-event.js';
import { textOf } from './reading.js';

/** What the engine says of an event of its own beside what every CloudEvent has. Of no other sender this is believed. */
export function ownAttributes(event: JsonObject): Pick<CanonicalEvent, 'leadId' | 'munchkinId' | 'cause'> {
  const leadId = textOf(event[OWN_ATTRIBUTES.leadId]);
  const munchkinId = textOf(event[OWN_ATTRIBUTES.munchkinId]);
  const cause = causeOf(event);
  return {
    ...(leadId === undefined ? undefined : { leadId }),
    ...(munchkinId === undefined ? undefined : { munchkinId }),
    ...(cause === undefined ? undefined : { cause }),
  };
}

function causeOf(event: JsonObject): Cause | undefined {
  const ruleId = textOf(event[OWN_ATTRIBUTES.ruleId]);
  const eventId = textOf(event[OWN_ATTRIBUTES.eventId]);
  const effectId = textOf(event[OWN_ATTRIBUTES.effectId]);
  const depth = event[OWN_ATTRIBUTES.depth];
  if (ruleId === undefined || eventId === undefined || effectId === undefined) return undefined;
  return typeof depth === 'number' ? { via: 'emit', ruleId, eventId, effectId, depth } : undefined;
}
