import type { FactScope } from '../engine/facts.js';
import { compileRuleSet, type RuleSet } from '../engine/rule-set.js';
import type { Rule, RuleSources } from '../rule.js';
import { differences, outcomeDifferences } from './compare.js';
import type { Acted } from './rule-test-schema.js';
import type { RuleTestCase } from './rule-test-file.js';
import { runTrial, type TrialStart } from './run-trial.js';
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
  { name, given: { acted = [], ...given } = {}, events, expect, outcomes: expected }: RuleTestCase,
): Promise<RuleTestResult> {
  const live: RuleSources = { ...sources, rules: [{ ...rule, mode: 'live' }] };
  const ruleSet = compileRuleSet(live);
  const completed = completeEvents(events);
  const start = { ...given, acted: actedOf(acted) };
  const { outcomes, scopes } = await runTrial(ruleSet, completed, start);
  const effects = outcomes.flatMap(({ outcome, effects: all }) => (outcome === 'held' ? [] : all));
  const found = [
    ...acted.flatMap((each) => withoutEffect(each, ruleSet)),
    ...differences(expect, effects),
    ...outcomeDifferences(
      expected,
      outcomes.map(({ outcome }) => outcome),
    ),
  ];
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

function actedOf(acted: readonly Acted[]): NonNullable<TrialStart['acted']> {
  const events = completeEvents(acted.map(({ rule: _, type = 'any', ...short }) => ({ type, ...short })));
  return events.map((event, index) => ({ ruleId: acted[index]?.rule ?? '', event }));
}

/** Nobody would notice a slip in the name: the case would show that the rule acts unmuted. */
function withoutEffect({ rule }: Acted, ruleSet: RuleSet): string[] {
  return ruleSet.mutedBy(rule) === undefined ? [`"acted": this rule is not muted by the rule "${rule}"`] : [];
}
