import { RuleCompileError } from '../engine/compile-rule.js';
import { compileRuleSet, type RuleSet } from '../engine/rule-set.js';
import type { RuleSources } from '../rule.js';
import { error, problemOf, type Problem } from './problem.js';

export interface CompiledSources {
  readonly ruleSet: RuleSet;
  /** Without the rules that could not be compiled. */
  readonly sources: RuleSources;
  readonly problems: readonly Problem[];
}

/** Compiles what the checker found good. A rule that the engine refuses all the same is left out and reported. */
export function compileSources(folderName: string, sources: RuleSources): CompiledSources {
  const problems: Problem[] = [];
  let remaining = sources;
  for (;;) {
    try {
      return { ruleSet: compileRuleSet(remaining), sources: remaining, problems };
    } catch (cause) {
      if (!(cause instanceof RuleCompileError)) throw cause;
      const { ruleId, message } = cause;
      problems.push(problemOf(`${folderName}/${ruleId}.json`, error('rule.refused', message)));
      remaining = { ...remaining, rules: remaining.rules.filter(({ id }) => id !== ruleId) };
    }
  }
}
