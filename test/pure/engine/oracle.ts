import { Engine, Operator, type TopLevelCondition } from 'json-rules-engine';
import type { CanonicalEvent } from '../../../src/contracts/event.js';
import { listSets } from '../../../src/rules/engine/condition.js';
import { FACTS, type FactScope } from '../../../src/rules/engine/facts.js';
import { OPERATORS } from '../../../src/rules/engine/operators.js';
import { questionKey } from '../../../src/rules/memory/series.js';
import { STATEFUL_FACTS, type Measure } from '../../../src/rules/memory/stateful-facts.js';
import type { Rule, RuleSources } from '../../../src/rules/rule.js';
import type { Knowledge } from './knowledge.js';

export type OracleVerdict = boolean | 'errored';

/**
 * json-rules-engine's verdict on one rule: its own conditions, operators, decorators and path resolver; only the
 * added operators and the facts are ours. Calls must not overlap.
 */
export function oracleFor(
  rule: Rule,
  sources: RuleSources,
): (event: CanonicalEvent, knowledge: Knowledge) => Promise<OracleVerdict> {
  const engine = new Engine([], { allowUndefinedFacts: true });
  const lists = listSets(sources);
  let scope: FactScope;
  let known: Knowledge;
  for (const [name, operator] of OPERATORS) {
    if (!operator.added) continue;
    engine.addOperator(new Operator(name, (fact, value) => operator.bind(value, lists)(fact, scope)));
  }
  for (const measure of Object.keys(STATEFUL_FACTS) as Measure[])
    engine.addFact(measure, (params: unknown) => known.answer(questionKey(measure, params, rule.on)));
  for (const [name, node] of Object.entries(sources.conditions)) {
    engine.setCondition(name, structuredClone(node) as unknown as TopLevelCondition);
  }
  engine.addRule({
    conditions: structuredClone(rule.conditions) as unknown as TopLevelCondition,
    event: { type: 'matched' },
  });
  return async (event, knowledge) => {
    known = knowledge;
    scope = knowledge.scopeOf(event);
    try {
      const { events } = await engine.run(
        Object.fromEntries([...FACTS].map(([name, { read }]) => [name, read(scope, rule.timeZone)])),
      );
      return events.length > 0;
    } catch {
      return 'errored';
    }
  };
}
