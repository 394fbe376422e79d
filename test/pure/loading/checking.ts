import type { DestinationKind } from '../../../src/contracts/connections.js';
import { checkRule, type CheckedRule } from '../../../src/rules/loading/check-rule.js';
import type { CheckContext } from '../../../src/rules/loading/check-context.js';

const destinations: Record<string, DestinationKind> = { ops: 'slack', marketo: 'marketo' };
const context: CheckContext = {
  destinations,
  ruleIds: new Set(['x', 'leads/hot', 'operations/quota']),
  conditions: new Set(['is-customer']),
  lists: new Map([['competitors', new Set<unknown>(['rival.example'])]]),
};

/** Checks a rule called `x` among two other rules, a shared condition and a list. */
export function check(text: string, more: Partial<CheckContext> = {}): CheckedRule {
  return checkRule({ file: 'rules/x.json', id: 'x', text }, { ...context, ...more });
}

/** A rule that is good by itself, with more members. */
export function rule(members: string): string {
  return `{ "description": "d", "on": "marketo.activity.newlead", "actions": [{ "type": "slack", "params": { "to": "ops", "text": "t" } }], ${members} }`;
}
