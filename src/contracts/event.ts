import type { JsonObject } from './json.js';

/** Which of Marketo's streams an event belongs to; `external` is one of another system, `signalman` one of our own. */
export const STREAMS = [
  'lead-activity',
  'user-audit',
  'notification',
  'observability',
  'external',
  'signalman',
] as const;
export type Stream = (typeof STREAMS)[number];

/** Something about an event that was not as documented. The event is processed all the same. */
export type Oddity =
  /** No catalogue knows the type. */
  | 'unknown-type'
  /** The time could not be read; `time` is the time of receipt. */
  | 'unreadable-time'
  /** The time was not RFC 3339 but could be read. */
  | 'odd-time'
  /** No id came with the event; `id` is a hash of its content. */
  | 'missing-id'
  /** A lead activity without a lead. */
  | 'missing-lead'
  /** The event carries members that no sample has. */
  | 'unknown-member';

/**
 * How an event came of a firing. `emit`: the rule emitted it. `write`: Marketo tells of what the rule wrote. `campaign`: a
 * smart campaign did it soon after the rule had written to the same lead, so perhaps because of that.
 */
export type Via = 'emit' | 'write' | 'campaign';

/** The firing from which an event came. */
export interface Cause {
  readonly via: Via;
  readonly ruleId: string;
  /** The event for which the rule fired. */
  readonly eventId: string;
  /** The effect that emitted or wrote it. */
  readonly effectId: string;
  /**
   * How many firings led to it, one after the other: 1 when the rule fired for an event that came of none. Behind a campaign
   * it is 1 again, since nobody knows whether the firing led to it.
   */
  readonly depth: number;
}

/** The depth of what comes of a firing for an event with this cause. */
export function depthBehind(cause: Cause | undefined): number {
  return (cause?.depth ?? 0) + 1;
}

/**
 * One event in the only form that rules, journal and effects know, whatever shape it arrived in.
 * Frozen by convention: nobody changes an event after it was read.
 */
export interface CanonicalEvent {
  /**
   * Identity across redeliveries and transports. Lead activity: `<munchkinId>:<activity GUID>`, the same for
   * the legacy push and Adobe I/O; other Adobe streams: the I/O event id; CloudEvents: `<connection>/<source>#<id>`,
   * so that no sender can speak for another. Ids of Adobe's kind that could pass for these begin with `<connection>/`.
   */
  readonly id: string;
  /** Short name: `marketo.activity.clicklink`; the full type for events that are not Adobe's. */
  readonly type: string;
  /** Name of the source in the connections file through which it came. */
  readonly connection: string;
  /** CloudEvents `source`. */
  readonly source: string;
  readonly subject?: string;
  /** When it happened: RFC 3339 in UTC. */
  readonly time: string;
  /** It told no time that could be read: `time` is that of this receipt, and another delivery of it has another. */
  readonly untimed?: true;
  /** When the door took it: RFC 3339 in UTC. */
  readonly receivedAt: string;
  readonly stream: Stream;
  readonly munchkinId?: string;
  /** Always text, though some shapes send a number. */
  readonly leadId?: string;
  readonly data: JsonObject;
  /** Activity attributes by name (`Campaign Run ID`), for every shape; empty where the stream has none. */
  readonly attributes: JsonObject;
  readonly oddities: readonly Oddity[];
  /** Only of an event that came of a firing. */
  readonly cause?: Cause;
}
