import { compileRule, RuleCompileError, type CompiledRule } from '../../../src/rules/engine/compile-rule.js';
import { ConditionCompiler } from '../../../src/rules/engine/condition.js';
import { FactScope } from '../../../src/rules/engine/facts.js';
import type { CanonicalEvent } from '../../../src/contracts/event.js';
import type { Rule, RuleSources } from '../../../src/rules/rule.js';
import { Generator } from './generate.js';
import { oracleFor, type OracleVerdict } from './oracle.js';
import { Chance, SEEDS } from './seeded.js';

const PAIRS = 20_000;
const RULES_A_ROUND = 20;
const EVENTS_A_RULE = 20;

function verdict(rule: CompiledRule, event: CanonicalEvent): OracleVerdict {
  try {
    return rule.condition.test(new FactScope(event, undefined));
  } catch {
    return 'errored';
  }
}

/** Undefined for a rule with a right side that no fact can meet: such rules are refused at load. */
function compileOrRefuse(rule: Rule, sources: RuleSources): CompiledRule | undefined {
  try {
    return compileRule(rule, new ConditionCompiler(sources));
  } catch (error) {
    if (error instanceof RuleCompileError) return undefined;
    throw error;
  }
}

describe('verdicts beside json-rules-engine', () => {
  it.each(SEEDS)(
    `agree on ${String(PAIRS)} generated pairs (seed %i)`,
    async (seed) => {
      const chance = new Chance(seed);
      const generator = new Generator(chance);
      const seen = { true: 0, false: 0, errored: 0, refused: 0 };
      let pairs = 0;
      while (pairs < PAIRS) {
        const sources = generator.sources(RULES_A_ROUND);
        for (const rule of sources.rules) {
          const compiled = compileOrRefuse(rule, sources);
          if (compiled === undefined) {
            seen.refused += 1;
            continue;
          }
          const oracle = oracleFor(rule, sources);
          for (let index = 0; index < EVENTS_A_RULE; index += 1) {
            const event = generator.event();
            const expected = await oracle(event);
            const actual = verdict(compiled, event);
            if (actual !== expected) {
              const { conditions } = sources;
              throw new Error(
                `SEED=${String(seed)}: json-rules-engine ${String(expected)}, compiled ${String(actual)}\n` +
                  JSON.stringify({ rule: rule.conditions, conditions, event }),
              );
            }
            seen[`${actual}`] += 1;
            pairs += 1;
          }
        }
      }
      // The generator must keep asking questions with different answers.
      expect(seen.true).toBeGreaterThan(PAIRS / 10);
      expect(seen.false).toBeGreaterThan(PAIRS / 10);
      expect(seen.errored).toBeGreaterThan(PAIRS / 1_000);
      expect(seen.refused * EVENTS_A_RULE).toBeLessThan(PAIRS / 2);
    },
    60_000,
  );
});
