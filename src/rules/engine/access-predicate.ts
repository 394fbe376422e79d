import { AccessUsage } from './access-usage.js';
import { conjunctsOf, type Access, type CompiledCondition } from './compiled-condition.js';
import type { Criterion, InRange } from './criterion.js';

/** How the index finds a rule: by one of the conditions that must all hold, or by two that bound the same fact. */
export interface AccessPredicate {
  /** The same for all that one look-up serves. */
  readonly lookUp: string;
  readonly access: Access;
  /** The condition that surely holds when the rule was found. */
  readonly answered?: CompiledCondition;
}

/**
 * Above this expected cost, in evaluations of one condition for each event, a rule is better tried outright.
 */
const COST_OF_TRYING = 1;

/**
 * Chooses for each rule's condition by what it is found; undefined for one that must be tried at every event.
 *
 * An event pays for each look-up in use, and one try for each rule that it finds. So a rule's share of the cost is one
 * part of the look-up among the rules that could share it, and the chance of being tried: what it names among all that
 * is named there, and one more for events with none of it.
 */
export function chooseAccess(conditions: readonly CompiledCondition[]): (AccessPredicate | undefined)[] {
  const all = conditions.map(predicatesOf);
  const usages = new Map<string, AccessUsage>();
  const usageOf = (lookUp: string): AccessUsage => {
    const usage = usages.get(lookUp) ?? new AccessUsage();
    usages.set(lookUp, usage);
    return usage;
  };
  for (const { lookUp, access } of all.flat()) usageOf(lookUp).note(access.criterion);
  return all.map((predicates) => {
    let best: AccessPredicate | undefined;
    let lowest = COST_OF_TRYING;
    for (const candidate of predicates) {
      const cost = usageOf(candidate.lookUp).cost(candidate.access.criterion);
      if (cost < lowest) [best, lowest] = [candidate, cost];
    }
    return best;
  });
}

function predicatesOf(condition: CompiledCondition): readonly AccessPredicate[] {
  const exact: AccessPredicate[] = [];
  const ranges = new Map<string, AccessPredicate>();
  for (const conjunct of conjunctsOf(condition)) {
    const { access } = conjunct;
    if (access === undefined) continue;
    const { criterion } = access;
    const lookUp = `${criterion.kind} ${criterion.view.name} ${access.key}`;
    if (criterion.kind !== 'in range') exact.push({ lookUp, access, answered: conjunct });
    else {
      const other = ranges.get(lookUp)?.access.criterion;
      ranges.set(lookUp, { lookUp, access: { ...access, criterion: narrowed(criterion, other) } });
    }
  }
  return [...exact, ...ranges.values()];
}

/** Both bounds of a fact in one, so that `score > 10` and `score < 20` are found by 15 alone. */
function narrowed(range: InRange, other: Criterion | undefined): InRange {
  if (other?.kind !== 'in range') return range;
  return { ...range, low: Math.max(range.low, other.low), high: Math.min(range.high, other.high) };
}
