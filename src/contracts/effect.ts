import type { LedgerLine } from './completeness.js';
import type { Cause } from './event.js';
import type { JsonObject } from './json.js';

/**
 * What to do when it is not known whether an earlier attempt reached its target and the target cannot recognise
 * a repeat: send again (a duplicate is better than a loss) or leave it and say so.
 */
export const GUARANTEES = ['at-least-once', 'at-most-once'] as const;
export type Guarantee = (typeof GUARANTEES)[number];

/** Who comes first where not everything can be sent at once. */
export const PRIORITIES = ['high', 'normal', 'low'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** One thing to do at one destination. Payload of a job in the actions queue. */
export interface Effect {
  readonly v: 1;
  /** Hash of rule id, event id and action index: job id, `webhook-id`, `Message-ID` and ledger key. */
  readonly id: string;
  /** Action kind: `slack`, `marketo.addToList`. */
  readonly type: string;
  /** Name of the connection. */
  readonly to: string;
  /** Parameters with every template rendered and escaped. */
  readonly params: JsonObject;
  readonly guarantee: Guarantee;
  readonly ruleId: string;
  readonly ruleVersion: string;
  readonly eventId: string;
  readonly actionIndex: number;
  /** The line of the ledger of completeness that its event stands on. */
  readonly origin: LedgerLine;
  /** RFC 3339 in UTC. */
  readonly decidedAt: string;
  /** The owners (`memory.ts`) of all whom it tells something about, so that it can be erased with them. */
  readonly people?: readonly string[];
  /** `normal` unless given. */
  readonly priority?: Priority;
  /** Why there was the event for which the rule fired, where an earlier effect made it. */
  readonly cause?: Cause;
  /** The id of the effect that it takes back. */
  readonly undoes?: string;
}

/** How an effect ended, or stands now. */
export type EffectOutcome =
  | 'done'
  /** The target had it so already: nothing was changed. */
  | 'skipped'
  /** Given up; its job is a dead letter. */
  | 'failed'
  /** An attempt may have reached the target and was not repeated (`at-most-once`). */
  | 'unknown'
  /** The engine or a person decided against it before it was sent; the reason says which. */
  | 'suppressed'
  /** The rule acts more than its `limit` allows: it waits for a person. */
  | 'held'
  /** It was done, and later taken back. */
  | 'undone';

/** What a destination answered, for the ledger and for people. */
export interface Receipt {
  /** One line: `200 OK`, `lead 7: added`. */
  readonly summary: string;
  /** Rows or parts that the target refused while it took the rest. */
  readonly skipped?: readonly string[];
  /** The target had it so already: the outcome is `skipped`. */
  readonly already?: true;
  /** What taking it back would need to know, such as where a message stands. No secrets. */
  readonly data?: JsonObject;
}
