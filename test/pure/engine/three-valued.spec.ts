import type { CanonicalEvent } from '../../../src/contracts/event.js';
import { compileRule, type CompiledRule } from '../../../src/rules/engine/compile-rule.js';
import { ConditionCompiler } from '../../../src/rules/engine/condition.js';
import type { FactScope } from '../../../src/rules/engine/facts.js';
import { compileRuleSet, type RuleSet } from '../../../src/rules/engine/rule-set.js';
import { bruteForce, withoutRefused } from './compile.js';
import { Generator } from './generate.js';
import { Knowledge, unknowing } from './knowledge.js';
import type { OracleVerdict } from './oracle.js';
import { Chance, SEEDS } from './seeded.js';

const ROUNDS = 8;
const RULES = 200;
const EVENTS_A_ROUND = 20;

type Settled = OracleVerdict | 'pending';

function settle({ condition }: CompiledRule, scope: FactScope): Settled {
  try {
    return condition.settle(scope) ?? 'pending';
  } catch {
    return 'errored';
  }
}

/** What the index says of every rule that concerns the event, by rule id; nothing of one is a no. */
function surveyed(ruleSet: RuleSet, scope: FactScope): ReadonlyMap<string, Settled> {
  const verdicts = new Map<string, Settled>(
    ruleSet.concerned(scope.event.type).map(({ rule }) => [rule.id, false]),
  );
  const { matched, pending } = ruleSet.survey(scope, ({ rule }) => verdicts.set(rule.id, 'errored'));
  for (const { rule } of matched) verdicts.set(rule.id, true);
  for (const { rule } of pending) verdicts.set(rule.id, 'pending');
  return verdicts;
}

/** Whatever is settled at a stage is what everything that is known later comes to; at the last stage all is settled. */
function expectToStand(
  ruleSet: RuleSet,
  everyRule: readonly CompiledRule[],
  event: CanonicalEvent,
  knowledge: Knowledge,
): Readonly<Record<string, number>> {
  const scope = unknowing(event);
  const atLast = bruteForce(everyRule, event, knowledge.scopeOf(event));
  const byEvent = surveyed(ruleSet, scope);
  const open = ruleSet.concerned(event.type).filter(({ rule }) => byEvent.get(rule.id) === 'pending');
  knowledge.remindOf(scope);
  const byMemory = new Map(open.map((rule) => [rule.rule.id, settle(rule, scope)]));
  knowledge.introduce(scope);
  const byPerson = new Map(open.map((rule) => [rule.rule.id, settle(rule, scope)]));

  expect(new Map([...byEvent, ...byPerson])).toEqual(atLast);
  for (const [id, verdict] of byMemory)
    if (verdict !== 'pending') expect([id, verdict]).toEqual([id, atLast.get(id)]);
  const stillOpen = [...byMemory.values()].filter((verdict) => verdict === 'pending').length;
  return {
    byEvent: byEvent.size - open.length,
    byMemory: open.length - stillOpen,
    byPerson: stillOpen,
    early: [...atLast.keys()].filter((id) => byEvent.get(id) === true).length,
  };
}

describe('verdicts by what is known', () => {
  it.each(SEEDS)('stand, whatever becomes known later (seed %i)', (seed) => {
    const chance = new Chance(seed);
    const generator = new Generator(chance);
    const seen = { byEvent: 0, byMemory: 0, byPerson: 0, early: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      const sources = withoutRefused(generator.sources(RULES));
      const compiler = new ConditionCompiler(sources);
      const everyRule = sources.rules.map((rule) => compileRule(rule, compiler));
      const ruleSet = compileRuleSet(sources);
      for (let index = 0; index < EVENTS_A_ROUND; index += 1) {
        const event = generator.event();
        for (let each = 0; each < 2; each += 1) {
          const knowledge = new Knowledge(chance.below(1_000_000));
          const counts = expectToStand(ruleSet, everyRule, event, knowledge);
          for (const name of Object.keys(seen) as (keyof typeof seen)[]) seen[name] += counts[name] ?? 0;
        }
      }
    }
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(200);
  });
});
