import type { Rule } from '../rule.js';
import { conjunctsOf, type CompiledCondition, type Test } from './compiled-condition.js';
import type { ConditionCompiler } from './condition.js';

/** A rule ready to be decided. */
export interface CompiledRule {
  readonly rule: Rule;
  /** Do the conditions hold? Throws where json-rules-engine throws. Does not look at `on`. */
  readonly test: Test;
  /** The conditions taken apart, so that one can be answered by the index and the rest by closures. */
  readonly conjuncts: readonly CompiledCondition[];
}

/** One rule cannot be compiled. The message is for its author. */
export class RuleCompileError extends Error {
  override readonly name = 'RuleCompileError';

  constructor(
    readonly ruleId: string,
    cause: unknown,
  ) {
    super(`rule ${ruleId}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** @throws RuleCompileError */
export function compileRule(rule: Rule, compiler: ConditionCompiler): CompiledRule {
  try {
    const condition = compiler.compile(rule.conditions);
    return { rule, test: condition.test, conjuncts: conjunctsOf(condition) };
  } catch (error) {
    throw new RuleCompileError(rule.id, error);
  }
}
