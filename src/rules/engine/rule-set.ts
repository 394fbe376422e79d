import { createHash } from 'node:crypto';
import type { CanonicalEvent } from '../../contracts/event.js';
import type { RuleSources } from '../rule.js';
import { compileRule, type CompiledRule } from './compile-rule.js';
import { ConditionCompiler } from './condition.js';
import { FactScope, type GivenFacts } from './facts.js';
import { RulesByType } from './rules-by-type.js';
import type { OnRuleError } from './type-index.js';

export interface MatchOptions {
  readonly given?: GivenFacts;
  /** Told of every rule whose evaluation threw. Such a rule does not match and hinders no other. */
  readonly onError?: OnRuleError;
}

const NO_OPTIONS: MatchOptions = {};
const NO_RULES: readonly CompiledRule[] = [];
const ignore: OnRuleError = () => undefined;

/** All rules that are not off, ready to decide. Never changes; a reload makes a new one. */
export class RuleSet {
  private readonly byType: RulesByType;

  constructor(
    /** Changes whenever a rule, a shared condition or a list does. */
    readonly version: string,
    private readonly rules: readonly CompiledRule[],
  ) {
    this.byType = new RulesByType(rules);
  }

  get size(): number {
    return this.rules.length;
  }

  /** The rules that concern the event's type and whose conditions hold, by rule id. */
  match(
    event: CanonicalEvent,
    { given, onError = ignore }: MatchOptions = NO_OPTIONS,
  ): readonly CompiledRule[] {
    const index = this.byType.indexOf(event.type);
    return index.isEmpty ? NO_RULES : index.match(new FactScope(event, given), onError);
  }
}

/** @throws RuleCompileError for the first rule that cannot be compiled. */
export function compileRuleSet(sources: RuleSources): RuleSet {
  const compiler = new ConditionCompiler(sources);
  const rules = sources.rules
    .filter(({ mode }) => mode !== 'off')
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((rule) => compileRule(rule, compiler));
  return new RuleSet(versionOf(sources, rules), rules);
}

function versionOf({ conditions, lists }: RuleSources, rules: readonly CompiledRule[]): string {
  const content = [rules.map(({ rule: { id, version, mode } }) => [id, version, mode]), conditions, lists];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
}
