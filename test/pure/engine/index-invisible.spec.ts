import type { CanonicalEvent } from '../../../src/contracts/event.js';
import { compileRule, type CompiledRule } from '../../../src/rules/engine/compile-rule.js';
import { ConditionCompiler } from '../../../src/rules/engine/condition.js';
import { FactScope } from '../../../src/rules/engine/facts.js';
import { compileRuleSet } from '../../../src/rules/engine/rule-set.js';
import { typeMatches } from '../../../src/rules/engine/type-pattern.js';
import type { RuleSources } from '../../../src/rules/rule.js';
import { Generator } from './generate.js';
import { Chance, SEEDS } from './seeded.js';

function withoutRefused(sources: RuleSources): RuleSources {
  const compiler = new ConditionCompiler(sources);
  const rules = sources.rules.filter((rule) => {
    try {
      return compileRule(rule, compiler);
    } catch {
      return false;
    }
  });
  return { ...sources, rules };
}

/** Every rule tried, one after the other, in the order of ids. */
function bruteForce(
  rules: readonly CompiledRule[],
  event: CanonicalEvent,
): { ids: string[]; errors: string[] } {
  const ids: string[] = [];
  const errors: string[] = [];
  for (const {
    rule,
    condition: { test },
  } of rules.filter(({ rule }) => typeMatches(rule.on, event.type))) {
    try {
      if (test(new FactScope(event, undefined))) ids.push(rule.id);
    } catch {
      errors.push(rule.id);
    }
  }
  return { ids: ids.sort(), errors: errors.sort() };
}

describe('the index', () => {
  it.each(SEEDS)('gives the same answers and errors as trying every rule (seed %i)', (seed) => {
    const generator = new Generator(new Chance(seed));
    let matches = 0;
    for (let round = 0; round < 20; round += 1) {
      const sources = withoutRefused(generator.sources(300));
      const compiler = new ConditionCompiler(sources);
      const everyRule = sources.rules.map((rule) => compileRule(rule, compiler));
      const ruleSet = compileRuleSet(sources);
      for (let index = 0; index < 50; index += 1) {
        const event = generator.event();
        const errors: string[] = [];
        const scope = new FactScope(event, { lead: {} });
        const found = ruleSet.survey(scope, ({ rule }) => errors.push(rule.id));
        const ids = found.matched.map(({ rule }) => rule.id);
        expect(found.pending).toEqual([]);
        expect({ ids, errors: errors.sort() }).toEqual(bruteForce(everyRule, event));
        matches += ids.length;
      }
    }
    expect(matches).toBeGreaterThan(1_000);
  });
});
