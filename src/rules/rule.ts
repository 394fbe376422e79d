import type { Guarantee } from '../contracts/effect.js';
import type { JsonObject } from '../contracts/json.js';

/** A conditions object in json-rules-engine's own format; checked at load, compiled once. */
export type ConditionNode = JsonObject;

export type RuleMode = 'live' | 'shadow' | 'off';

export interface Throttle {
  /** Path into the event that names the key: `leadId`, `data.userId`, `attributes['Campaign ID']`. */
  readonly per: string;
  /** Milliseconds of event time. */
  readonly everyMs: number;
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
  readonly throttle?: Throttle;
  readonly actions: readonly RuleAction[];
}

/** Everything that deciding depends on, besides the events: swapped as a whole at reload. */
export interface RuleSources {
  readonly rules: readonly Rule[];
  /** Shared conditions by name (`rules/conditions/<name>.json`). */
  readonly conditions: Readonly<Record<string, ConditionNode>>;
  /** Named lists for `inList` (`rules/lists/<name>.csv|json`). Text entries are kept as text. */
  readonly lists: Readonly<Record<string, readonly (string | number)[]>>;
}
