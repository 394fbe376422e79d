import { ConditionCompiler } from '../../../src/rules/engine/condition.js';
import { compileOrRefuse, verdictOf } from './compile.js';
import { Coverage } from './coverage.js';
import { Generator } from './generate.js';
import { Knowledge } from './knowledge.js';
import { oracleFor } from './oracle.js';
import { Chance, SEEDS } from './seeded.js';

const PAIRS = 8_000;
/** So many when some operator has not given both verdicts by then. */
const MOST_PAIRS = 3 * PAIRS;
const RULES_A_ROUND = 20;
const EVENTS_A_RULE = 10;

describe('verdicts beside json-rules-engine, when everything is known', () => {
  it.each(SEEDS)(
    `agree on ${PAIRS} generated pairs (seed %i)`,
    async (seed) => {
      const chance = new Chance(seed);
      const generator = new Generator(chance);
      const coverage = new Coverage();
      const seen = { true: 0, false: 0, errored: 0, refused: 0 };
      let pairs = 0;
      while (pairs < PAIRS || (coverage.missing.length > 0 && pairs < MOST_PAIRS)) {
        const sources = generator.sources(RULES_A_ROUND);
        const compiler = new ConditionCompiler(sources);
        for (const rule of sources.rules) {
          const compiled = compileOrRefuse(rule, compiler);
          if (compiled === undefined) {
            seen.refused += 1;
            continue;
          }
          const oracle = oracleFor(rule, sources);
          for (let index = 0; index < EVENTS_A_RULE; index += 1) {
            const event = generator.event();
            const knowledge = new Knowledge(chance.below(1_000));
            const expected = await oracle(event, knowledge);
            const scope = knowledge.scopeOf(event);
            const actual = verdictOf(compiled, scope);
            if (actual !== expected) {
              const { conditions } = sources;
              throw new Error(
                `SEED=${String(seed)}: json-rules-engine ${String(expected)}, compiled ${String(actual)}\n` +
                  JSON.stringify({ rule, conditions, event, knowledge }),
              );
            }
            coverage.note(rule, compiler, scope);
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
      expect(coverage.missing).toEqual([]);
    },
    60_000,
  );
});
