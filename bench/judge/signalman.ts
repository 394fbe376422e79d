import { compileRuleSet, type RuleSet } from '../../src/rules/engine/rule-set.js';
import type { Rule } from '../../src/rules/rule.js';
import type { Contender } from './contender.js';
import { asRule } from './workload.js';

export const SIGNALMAN: Contender = {
  name: 'Signalman',
  atOnce: 1,
  build: (rules) => {
    const ruleSet = buildRuleSet(rules.map(asRule));
    return (event) => ruleSet.match(event).length;
  },
};

/** An index is built when its type is first seen; that belongs to the building. */
export function buildRuleSet(rules: readonly Rule[]): RuleSet {
  const ruleSet = compileRuleSet({ rules, conditions: {}, lists: {} });
  for (const type of new Set(rules.flatMap(({ on }) => on))) ruleSet.concerned(type);
  return ruleSet;
}
