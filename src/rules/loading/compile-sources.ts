import { RuleCompileError } from '../engine/compile-rule.js';
import { RuleSetBuilder, type RuleSet } from '../engine/rule-set.js';
import type { RuleSources } from '../rule.js';
import { error, problemOf, type Problem } from './problem.js';
import { Slices } from './slices.js';

export interface CompiledSources {
  readonly ruleSet: RuleSet;
  /** Without the rules that could not be compiled. */
  readonly sources: RuleSources;
  readonly problems: readonly Problem[];
}

/**
 * Compiles what the checker found good, in slices. A rule that the engine refuses all the same is left out and
 * reported.
 */
export async function compileSources(folderName: string, sources: RuleSources): Promise<CompiledSources> {
  const problems: Problem[] = [];
  let remaining = sources;
  for (;;) {
    try {
      return { ruleSet: await compileInSlices(remaining), sources: remaining, problems };
    } catch (cause) {
      if (!(cause instanceof RuleCompileError)) throw cause;
      const { ruleId, message } = cause;
      problems.push(problemOf(`${folderName}/${ruleId}.json`, error('rule.refused', message)));
      remaining = { ...remaining, rules: remaining.rules.filter(({ id }) => id !== ruleId) };
    }
  }
}

async function compileInSlices(sources: RuleSources): Promise<RuleSet> {
  const builder = new RuleSetBuilder(sources);
  const slices = new Slices();
  for (const rule of sources.rules) {
    builder.add(rule);
    if (slices.isOver) await slices.next();
  }
  return builder.build();
}
