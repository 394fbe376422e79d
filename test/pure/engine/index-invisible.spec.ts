import { chooseAccess } from '../../../src/rules/engine/access-predicate.js';
import { compileRule } from '../../../src/rules/engine/compile-rule.js';
import { ConditionCompiler } from '../../../src/rules/engine/condition.js';
import { compileRuleSet, type RuleSet } from '../../../src/rules/engine/rule-set.js';
import { bruteForce, withoutRefused } from './compile.js';
import { Generator } from './generate.js';
import { Knowledge } from './knowledge.js';
import { Chance, SEEDS } from './seeded.js';
import { TYPES } from './values.js';

const ROUNDS = 8;
const RULES = 300;
const EVENTS_A_ROUND = 40;

/** By what criteria some rule is found. */
function criteriaOf(ruleSet: RuleSet): readonly string[] {
  return TYPES.flatMap((type) =>
    chooseAccess(ruleSet.concerned(type).map(({ condition }) => condition)),
  ).flatMap((predicate) => {
    if (predicate === undefined) return ['none'];
    const { kind, view } = predicate.access.criterion;
    return [`${kind}, ${view.name}`];
  });
}

describe('the index', () => {
  it.each(SEEDS)('gives the same answers and errors as trying every rule (seed %i)', (seed) => {
    const chance = new Chance(seed);
    const generator = new Generator(chance);
    const criteria = new Set<string>();
    let matches = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const sources = withoutRefused(generator.sources(RULES));
      const compiler = new ConditionCompiler(sources);
      const everyRule = sources.rules.map((rule) => compileRule(rule, compiler));
      const ruleSet = compileRuleSet(sources);
      for (const criterion of criteriaOf(ruleSet)) criteria.add(criterion);
      for (let index = 0; index < EVENTS_A_ROUND; index += 1) {
        const event = generator.event();
        const knowledge = new Knowledge(chance.below(1_000));
        const errors: string[] = [];
        const found = ruleSet.survey(knowledge.scopeOf(event), ({ rule }) => errors.push(rule.id));
        const ids = found.matched.map(({ rule }) => rule.id);
        const expected = [...bruteForce(everyRule, event, knowledge.scopeOf(event))];
        const idsOf = (verdict: unknown): string[] =>
          expected.flatMap(([id, each]) => (each === verdict ? [id] : [])).sort();
        expect(found.pending).toEqual([]);
        expect({ ids, errors: errors.sort() }).toEqual({ ids: idsOf(true), errors: idsOf('errored') });
        matches += ids.length;
      }
    }
    expect(matches).toBeGreaterThan(1_000);
    expect([...criteria].sort()).toEqual([
      'begins with, folded',
      'in range, instant',
      'in range, number',
      'in range, numeric',
      'none',
      'one of, as it is',
      'one of, folded',
    ]);
  });
});
