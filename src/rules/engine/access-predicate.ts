import { conjunctsOf, type CompiledCondition, type Equality } from './compiled-condition.js';

/** The condition, of those that must all hold, that the index answers. */
export type AccessPredicate = CompiledCondition & { readonly equality: Equality };

/**
 * Above this expected cost, in evaluations of one condition for each event, a rule is better tried outright.
 */
const COST_OF_TRYING = 1;

interface Usage {
  rules: number;
  readonly values: Set<unknown>;
}

/**
 * Chooses for each rule's condition the equality by which it is found; undefined for one that must be tried at every event.
 *
 * An event pays one look-up for each fact and path in use, and one try for each rule whose value it has. So a
 * rule's share of the cost is one part of the look-up among the rules that share it, and the chance of being tried:
 * its values among all values seen there, and one more for events with none of them.
 */
export function chooseAccess(conditions: readonly CompiledCondition[]): (AccessPredicate | undefined)[] {
  const all = conditions.map(conjunctsOf);
  const usage = countUsage(all);
  const cost = ({ equality: { key, values } }: AccessPredicate): number => {
    const seen = usage.get(key);
    return seen === undefined ? Infinity : 1 / seen.rules + values.length / (seen.values.size + 1);
  };
  return all.map((conjuncts) => {
    let best: AccessPredicate | undefined;
    let lowest = COST_OF_TRYING;
    for (const candidate of conjuncts.filter(hasEquality)) {
      const candidateCost = cost(candidate);
      if (candidateCost < lowest) [best, lowest] = [candidate, candidateCost];
    }
    return best;
  });
}

function countUsage(all: readonly (readonly CompiledCondition[])[]): Map<string, Usage> {
  const usage = new Map<string, Usage>();
  for (const { equality } of all.flatMap((conjuncts) => conjuncts.filter(hasEquality))) {
    const seen = usage.get(equality.key) ?? { rules: 0, values: new Set() };
    seen.rules += 1;
    for (const value of equality.values) seen.values.add(value);
    usage.set(equality.key, seen);
  }
  return usage;
}

function hasEquality(condition: CompiledCondition): condition is AccessPredicate {
  return condition.equality !== undefined && !condition.mayThrow;
}
