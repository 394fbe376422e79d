import type { CanonicalEvent } from '../../contracts/event.js';
import type { HeldBack } from '../../contracts/flow.js';
import type { JsonObject } from '../../contracts/json.js';
import type { ZonedNow } from '../flow/zoned-time.js';

/** What a template can name. Members that an event does not have render as nothing. */
export interface TemplateScope {
  readonly event: CanonicalEvent;
  readonly type: string;
  readonly data: JsonObject;
  readonly attributes: JsonObject;
  readonly leadId?: string | undefined;
  readonly munchkinId?: string | undefined;
  /** RFC 3339 in UTC. */
  readonly time: string;
  /** The lead fact. */
  readonly lead: JsonObject;
  /** The usage fact, as the conditions saw it. */
  readonly usage?: unknown;
  /** What the clocks in the rule's time zone showed at the time of the event. */
  readonly now: ZonedNow;
  /** What the rule's facts that remember came to, by the name of the condition or else of the fact. */
  readonly facts: JsonObject;
  /** The second event of a sequence. */
  readonly then?: CanonicalEvent;
  /** All of a digest, in the order in which they came; the event alone where nothing was collected. */
  readonly events: readonly CanonicalEvent[];
  /** How many they are. */
  readonly count: number;
  readonly rule: { readonly id: string; readonly description: string; readonly owner?: string | undefined };
  /** What `throttle` held back since the firing before this one. */
  readonly throttled: HeldBack;
}

const ROOTS: Readonly<Record<keyof TemplateScope, true>> = {
  event: true,
  type: true,
  data: true,
  attributes: true,
  leadId: true,
  munchkinId: true,
  time: true,
  lead: true,
  usage: true,
  now: true,
  facts: true,
  then: true,
  events: true,
  count: true,
  rule: true,
  throttled: true,
};

export const SCOPE_NAMES: ReadonlySet<string> = new Set(Object.keys(ROOTS));
