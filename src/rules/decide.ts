import type { CanonicalEvent } from '../contracts/event.js';
import type { JsonObject } from '../contracts/json.js';
import type { GivenFacts } from './engine/facts.js';
import { leadOf } from './engine/lead.js';
import type { RuleSet } from './engine/rule-set.js';
import type { Rule } from './rule.js';

/** A rule whose conditions an event met. */
export interface Firing {
  readonly rule: Rule;
  readonly event: CanonicalEvent;
  /** The lead fact, as the conditions saw it. */
  readonly lead: JsonObject;
}

/** A rule that could not be evaluated on an event. The other rules were. */
export interface Fault {
  readonly rule: Rule;
  readonly event: CanonicalEvent;
  readonly reason: string;
}

export interface Verdict {
  readonly firings: readonly Firing[];
  readonly faults: readonly Fault[];
}

/**
 * Decides a batch: pure, so that the same events and the same rules always give the same verdict. Throttles and other
 * memory come after.
 */
export function decide(ruleSet: RuleSet, events: readonly CanonicalEvent[], given?: GivenFacts): Verdict {
  const firings: Firing[] = [];
  const faults: Fault[] = [];
  for (const event of events) {
    const matched = ruleSet.match(event, {
      ...(given === undefined ? {} : { given }),
      onError: ({ rule }, error) => {
        faults.push({ rule, event, reason: error instanceof Error ? error.message : String(error) });
      },
    });
    for (const { rule } of matched) firings.push({ rule, event, lead: leadOf(event, given?.lead) });
  }
  return { firings, faults };
}
