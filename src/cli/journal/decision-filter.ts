import { coversRule } from '../../contracts/rule-pattern.js';
import type { StoredEntry } from '../../journal/journal-entry.js';

/** Which decisions somebody looks for. What is left out is not asked for. */
export interface DecisionFilter {
  /** Id of the rule, `leads/*` for a folder, `*` for any. */
  readonly rule?: string;
  readonly event?: string;
  readonly outcome?: string;
}

/** True for everything while nothing is asked for. */
export function matchesDecision(entry: StoredEntry, { rule, event, outcome }: DecisionFilter): boolean {
  if ((rule ?? event ?? outcome) === undefined) return true;
  if (entry.kind !== 'decision') return false;
  const { decision } = entry;
  return (
    (rule === undefined || coversRule(rule, decision.ruleId)) &&
    (event === undefined || decision.eventId === event) &&
    (outcome === undefined || decision.outcome === outcome)
  );
}
