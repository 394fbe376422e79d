import { createHash } from 'node:crypto';
import { OWN_SOURCE, type RawBatch } from './batch.js';
import type { Cause } from './event.js';
import type { JsonObject } from './json.js';

/**
 * Types that rules may emit, as a regular expression for JSON Schema: a plain name that is neither Adobe's nor one of
 * what the engine noticed itself.
 */
export const EMITTED_TYPE =
  '^(?!(?:signalman|marketo|com\\.adobe)(?:\\.|$))[A-Za-z0-9][A-Za-z0-9_.-]{0,199}$';

/** CloudEvents attributes that only the engine's own events have. Another sender's are no more than members nobody reads. */
export const OWN_ATTRIBUTES = {
  leadId: 'leadid',
  munchkinId: 'munchkinid',
  ruleId: 'causerule',
  eventId: 'causeevent',
  effectId: 'causeeffect',
  depth: 'causedepth',
} as const;

/** Something that the engine noticed or a rule emitted, told to the rules like any other event. */
export interface OwnEvent {
  /** Begins with `signalman.`, or is one that rules may emit. */
  readonly type: string;
  /** What makes it this event and no other: the same words give the same id, so that a repeat is recognised. */
  readonly identity: readonly unknown[];
  /** What it is about, such as `prod/lead-activity`: what rules throttle by. */
  readonly subject?: string;
  /** When it happened, epoch milliseconds. */
  readonly at: number;
  /** When it is told, epoch milliseconds; as it happens unless given. */
  readonly receivedAt?: number;
  readonly data: JsonObject;
  /** The person and the instance that it is about. */
  readonly leadId?: string | undefined;
  readonly munchkinId?: string | undefined;
  readonly cause?: Cause;
}

/** The batch that brings one event of the engine's own into the events queue, as a CloudEvent. */
export function ownBatch(own: OwnEvent): RawBatch {
  const { type, identity, subject, at, receivedAt = at, data } = own;
  const id = createHash('sha256')
    .update(JSON.stringify([type, ...identity]))
    .digest('hex')
    .slice(0, 32);
  const event = {
    specversion: '1.0',
    id,
    source: `/${OWN_SOURCE}`,
    type,
    ...(subject === undefined ? {} : { subject }),
    time: new Date(at).toISOString(),
    ...attributesOf(own),
    datacontenttype: 'application/json',
    data,
  };
  const bodies = [Buffer.from(JSON.stringify(event))];
  return {
    source: OWN_SOURCE,
    kind: 'signalman',
    route: 'engine',
    mode: 'live',
    receivedAt: new Date(receivedAt).toISOString(),
    bodies,
  };
}

/** What is undefined is left out when the event becomes JSON. */
function attributesOf({ leadId, munchkinId, cause }: OwnEvent): JsonObject {
  return {
    [OWN_ATTRIBUTES.leadId]: leadId,
    [OWN_ATTRIBUTES.munchkinId]: munchkinId,
    [OWN_ATTRIBUTES.ruleId]: cause?.ruleId,
    [OWN_ATTRIBUTES.eventId]: cause?.eventId,
    [OWN_ATTRIBUTES.effectId]: cause?.effectId,
    [OWN_ATTRIBUTES.depth]: cause?.depth,
  };
}
