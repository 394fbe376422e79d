import type { FactScope } from '../engine/facts.js';
import { compileRuleSet } from '../engine/rule-set.js';
import type { Rule, RuleSources } from '../rule.js';
import { differences } from './compare.js';
import type { RuleTestCase } from './rule-test-file.js';
import { runTrial } from './run-trial.js';
import { completeEvents } from './short-event.js';
import { explainOutcome } from './explain-outcome.js';

export interface RuleTestResult {
  readonly ruleId: string;
  /** Name of the case. */
  readonly name: string;
  /** What was expected and what happened instead, a sentence each; empty when the case passed. */
  readonly differences: readonly string[];
  /** What became of each event and why, line by line; empty when the case passed. */
  readonly why: readonly string[];
}

/** Runs one case against one rule alone. A rule that is `shadow` or `off` is tested as if it were live. */
export async function runRuleTest(
  rule: Rule,
  sources: RuleSources,
  { name, given, events, expect }: RuleTestCase,
): Promise<RuleTestResult> {
  const live: RuleSources = { ...sources, rules: [{ ...rule, mode: 'live' }] };
  const ruleSet = compileRuleSet(live);
  const completed = completeEvents(events);
  const { outcomes, scopes } = await runTrial(ruleSet, completed, given);
  const found = differences(
    expect,
    outcomes.flatMap(({ effects }) => effects),
  );
  if (found.length === 0) return { ruleId: rule.id, name, differences: [], why: [] };
  const why: string[] = [];
  for (const [index, event] of completed.entries()) {
    const scope = scopes.get(event.id) as FactScope;
    const ofEvent = outcomes.filter(({ eventId }) => eventId === event.id);
    const [verdict = '', ...reasons] = await explainOutcome({ rule, sources, scope, outcomes: ofEvent });
    why.push(`event ${index + 1}, ${event.type}: ${verdict}`, ...reasons);
  }
  return { ruleId: rule.id, name, differences: found, why };
}
