import { ACTION_SCHEMAS } from '../../actions/action-schemas.js';
import type { RuleSet } from '../engine/rule-set.js';
import type { Rule } from '../rule.js';

/** True for a rule that writes to leads, so that Marketo tells of what it did. */
export function writesToLeads({ actions }: Rule): boolean {
  return actions.some(({ type }) => ACTION_SCHEMAS.get(type)?.writes !== undefined);
}

/** True for a rule whose firing makes other events, so that a chain goes on with it. */
export function goesOn(rule: Rule): boolean {
  return rule.actions.some(({ type }) => type === 'emit') || writesToLeads(rule);
}

/** Worked out when a rule set comes into force, and gone with it. */
const known = new WeakMap<RuleSet, ReadonlySet<string>>();

/** Types of the activities that what the rules in force write can make; none when no rule writes. */
export function writtenTypes(ruleSet: RuleSet): ReadonlySet<string> {
  const before = known.get(ruleSet);
  if (before !== undefined) return before;
  const actions = ruleSet.all.filter(({ rule }) => rule.mode === 'live').flatMap(({ rule }) => rule.actions);
  const types = new Set(actions.flatMap(({ type }) => ACTION_SCHEMAS.get(type)?.writes?.types ?? []));
  known.set(ruleSet, types);
  return types;
}
