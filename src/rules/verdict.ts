import type { Kept } from '../contracts/flow.js';
import type { CanonicalEvent } from '../contracts/event.js';
import type { LogChange } from '../contracts/memory.js';
import type { FactScope } from './engine/facts.js';
import type { Rule } from './rule.js';

/** A rule whose conditions an event met, or for whose sequence it is the second part. */
export interface Firing {
  readonly rule: Rule;
  readonly step: 'match' | 'then' | 'unless';
  readonly kept: Kept;
  /** The owner of what is kept of the person whom the event is about. */
  readonly person?: string;
}

/** A rule that could not be evaluated on an event. The other rules were. */
export interface Fault {
  readonly rule: Rule;
  readonly event: CanonicalEvent;
  readonly reason: string;
}

/** A rule of which it is not known yet whether an event meets it: Marketo could not be asked about the person. */
export interface Undecided {
  readonly rule: Rule;
  readonly kept: Kept;
  readonly person?: string;
  readonly reason: string;
  /** When to try again, epoch milliseconds. */
  readonly retryAt: number;
}

export interface Verdict {
  /** By event, in the order in which they came; then by rule id, second parts of sequences first. */
  readonly firings: readonly Firing[];
  readonly undecided: readonly Undecided[];
  readonly faults: readonly Fault[];
  /** What was learned on the way. Keeping it saves work later. */
  readonly improvements: readonly LogChange[];
  /** What was known of each event, for explanations. */
  readonly scopes: readonly FactScope[];
}
