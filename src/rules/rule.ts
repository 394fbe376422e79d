import type { Guarantee, Priority } from '../contracts/effect.js';
import type { JsonObject } from '../contracts/json.js';

/** A conditions object in json-rules-engine's own format; checked at load, compiled once. */
export type ConditionNode = JsonObject;

export type RuleMode = 'live' | 'shadow' | 'off';

/**
 * Paths into the event that together name a key: `leadId`, `data.userId`, `attributes['Campaign ID']`. A lead's id is
 * one of its instance. An empty list is one key for all.
 */
export type Per = readonly string[];

export interface Throttle {
  readonly per: Per;
  /** Milliseconds of event time. */
  readonly everyMs: number;
}

/** The second part of a sequence: an event that must follow the first, or must not. */
export interface FollowUp {
  readonly on: readonly string[];
  /** Over the second event alone: no memory, no look-up. */
  readonly conditions: ConditionNode;
  readonly per: Per;
  readonly withinMs: number;
}

export interface Group {
  readonly per: Per;
  readonly waitMs: number;
  /** It acts at once when so many have come together. */
  readonly max: number;
}

/** What the rule may do within a time; more than any of these, and it is held until a person decides. */
export interface Limit {
  readonly withinMs: number;
  readonly firings?: number;
  /** Different people whom its firings are about. */
  readonly leads?: number;
  /** Of its actions that write to people: Slack and mail. */
  readonly messages?: number;
}

/** Days by ISO number, Monday is 1. Minutes since midnight; `to` is the first minute outside, and may be below `from`. */
export interface ActiveHours {
  readonly days: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly timeZone: string;
  readonly outside: 'defer' | 'drop';
}

/** Another rule that mutes this one for a time after it fired, or a shared condition that does while it holds. */
export type Inhibition =
  { readonly rule: string; readonly withinMs: number; readonly per: Per } | { readonly condition: string };

export interface Timetable {
  /** Five fields: minute, hour, day of month, month, weekday. */
  readonly cron: string;
  readonly timeZone: string;
  /** What becomes of runs for which nobody was there: none, the last of them, or each. */
  readonly missed: 'skip' | 'last' | 'all';
}

export interface RuleAction {
  readonly type: string;
  /** As written: templates not yet rendered. `to`, where given, is among them. */
  readonly params: JsonObject;
  readonly guarantee: Guarantee;
}

/** A rule as it was read from its file and found good. */
export interface Rule {
  /** Path under the rules folder without the ending: `leads/us-without-state`. */
  readonly id: string;
  /** First 12 hex digits of the SHA-256 of the rule's content. */
  readonly version: string;
  readonly description: string;
  readonly owner?: string;
  readonly mode: RuleMode;
  /** Short event type names. A final `*` covers everything that follows, a `*` elsewhere one segment. */
  readonly on: readonly string[];
  readonly conditions: ConditionNode;
  /** IANA name, of the fact `now`; UTC unless given. */
  readonly timeZone?: string;
  readonly then?: FollowUp;
  readonly unless?: FollowUp;
  readonly throttle?: Throttle;
  readonly group?: Group;
  readonly limit?: Limit;
  readonly activeHours?: ActiveHours;
  readonly inhibitedBy?: readonly Inhibition[];
  /** Epoch milliseconds; events from then on find the rule off. */
  readonly expires?: number;
  readonly every?: Timetable;
  /** What it wrote to Marketo itself fires it like anything else. */
  readonly reactToOwnWrites?: boolean;
  /** Of its effects; `normal` unless given. */
  readonly priority?: Priority;
  readonly actions: readonly RuleAction[];
  /** Members of `lead` that the texts of its actions read. */
  readonly leadFieldsInTexts?: readonly string[];
  /** True when they name the usage figures. */
  readonly usageInTexts?: boolean;
}

/** Everything that deciding depends on, besides the events: swapped as a whole at reload. */
export interface RuleSources {
  readonly rules: readonly Rule[];
  /** Shared conditions by name (`rules/conditions/<name>.json`). */
  readonly conditions: Readonly<Record<string, ConditionNode>>;
  /** Named lists for `inList` (`rules/lists/<name>.csv|json`). Text entries are kept as text. */
  readonly lists: Readonly<Record<string, readonly (string | number)[]>>;
}

/** The second part of a rule's sequence, whichever of the two it has: a rule never has both. */
export function followUpOf({
  then,
  unless,
}: Pick<Rule, 'then' | 'unless'>): (FollowUp & { readonly kind: 'then' | 'unless' }) | undefined {
  if (then !== undefined) return { kind: 'then', ...then };
  return unless && { kind: 'unless', ...unless };
}

const MESSAGES: ReadonlySet<string> = new Set(['slack', 'email']);

/** How many messages to people one firing sends. */
export function countMessages(actions: readonly { readonly type: string }[]): number {
  return actions.filter(({ type }) => MESSAGES.has(type)).length;
}
