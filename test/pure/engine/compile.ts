import type { CanonicalEvent } from '../../../src/contracts/event.js';
import { compileRule, RuleCompileError, type CompiledRule } from '../../../src/rules/engine/compile-rule.js';
import { ConditionCompiler } from '../../../src/rules/engine/condition.js';
import type { FactScope } from '../../../src/rules/engine/facts.js';
import { typeMatches } from '../../../src/rules/engine/type-pattern.js';
import type { Rule, RuleSources } from '../../../src/rules/rule.js';
import type { OracleVerdict } from './oracle.js';

/** Undefined for a rule with a right side that no fact can meet: such rules are refused at load. */
export function compileOrRefuse(rule: Rule, compiler: ConditionCompiler): CompiledRule | undefined {
  try {
    return compileRule(rule, compiler);
  } catch (error) {
    if (error instanceof RuleCompileError) return undefined;
    throw error;
  }
}

export function withoutRefused(sources: RuleSources): RuleSources {
  const compiler = new ConditionCompiler(sources);
  const rules = sources.rules.filter((rule) => compileOrRefuse(rule, compiler) !== undefined);
  return { ...sources, rules };
}

export function verdictOf({ condition }: Pick<CompiledRule, 'condition'>, scope: FactScope): OracleVerdict {
  try {
    return condition.test(scope);
  } catch {
    return 'errored';
  }
}

/** Every rule that concerns the event, tried one after the other; by rule id. */
export function bruteForce(
  rules: readonly CompiledRule[],
  event: CanonicalEvent,
  scope: FactScope,
): ReadonlyMap<string, OracleVerdict> {
  const concerned = rules.filter(({ rule }) => typeMatches(rule.on, event.type));
  return new Map(concerned.map((compiled) => [compiled.rule.id, verdictOf(compiled, scope)]));
}
