import { isJsonObject } from '../../contracts/json.js';
import { compileFlow, type CompiledFlow } from '../flow/compiled-flow.js';
import type { Question } from '../memory/question.js';
import { isMeasure } from '../memory/stateful-facts.js';
import { followUpOf, type Rule } from '../rule.js';
import type { CompiledCondition } from './compiled-condition.js';
import type { ConditionCompiler } from './condition.js';
import type { Indexed } from './type-index.js';
import { compileTypePattern } from './type-pattern.js';

/** A rule ready to be decided. */
export interface CompiledRule extends Indexed {
  readonly rule: Rule;
  /** Its stateful facts, by the name of the condition or else of the fact, as its texts may name them. */
  readonly facts: readonly { readonly label: string; readonly question: Question }[];
  readonly flow: CompiledFlow;
  /** The second part of its `then` or `unless`. */
  readonly followUp?: CompiledFollowUp;
}

/** What must follow an event that a rule matched, or must not. */
export interface CompiledFollowUp extends Indexed {
  readonly rule: Rule;
  readonly kind: 'then' | 'unless';
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
  const { on, timeZone } = rule;
  try {
    for (const entry of on) compileTypePattern(entry);
    const condition = compiler.compile(rule.conditions, { on, timeZone });
    const followUp = compileFollowUp(rule, compiler);
    const flow = compileFlow(rule, (name) => compiler.compileForOneEvent({ condition: name }, timeZone));
    const facts = factsOf(rule, condition, compiler);
    return { rule, on, condition, facts, flow, ...(followUp && { followUp }) };
  } catch (error) {
    throw new RuleCompileError(rule.id, error);
  }
}

/** What has names goes by these, in shared conditions too; all else by the name of the fact. */
function factsOf(
  { conditions, on }: Rule,
  { needs }: CompiledCondition,
  compiler: ConditionCompiler,
): CompiledRule['facts'] {
  if (needs.questions.length === 0) return [];
  const named = namedComparisons(compiler.spelledOut(conditions)).flatMap(({ name, fact, params }) =>
    isMeasure(fact) ? [{ label: name, question: compiler.series.ask(fact, params, on) }] : [],
  );
  const keys = new Set(named.map(({ question }) => question.key));
  const nameless = needs.questions.filter(({ key }) => !keys.has(key));
  return [...named, ...nameless.map((question) => ({ label: question.measure, question }))];
}

function namedComparisons(node: unknown): { name: string; fact: string; params: unknown }[] {
  if (Array.isArray(node)) return node.flatMap(namedComparisons);
  if (!isJsonObject(node)) return [];
  const { all, any, not, name, fact, params } = node;
  const own = typeof name === 'string' && typeof fact === 'string' ? [{ name, fact, params }] : [];
  return [...own, ...[all, any, not].flatMap(namedComparisons)];
}

function compileFollowUp(rule: Rule, compiler: ConditionCompiler): CompiledFollowUp | undefined {
  const followUp = followUpOf(rule);
  if (followUp === undefined) return undefined;
  const { kind, on, conditions } = followUp;
  for (const entry of on) compileTypePattern(entry);
  return { rule, kind, on, condition: compiler.compileForOneEvent(conditions, rule.timeZone) };
}
