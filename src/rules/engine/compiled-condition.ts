import type { FactScope } from './facts.js';

export type Test = (scope: FactScope) => boolean;
export type Read = (scope: FactScope) => unknown;

/** The condition holds exactly when what `read` gives is one of `values`. */
export interface Equality {
  /** The same for every condition that reads the same fact and path. */
  readonly key: string;
  readonly read: Read;
  readonly values: readonly unknown[];
}

export interface CompiledCondition {
  readonly test: Test;
  /** True when some event makes the test throw. */
  readonly mayThrow: boolean;
  readonly equality?: Equality;
  /** For an `all`: its members. */
  readonly conjuncts?: readonly CompiledCondition[];
}

export interface Prioritised {
  readonly priority: number;
  readonly condition: CompiledCondition;
}

/** json-rules-engine takes an empty group, `any` too, for true. */
const ALWAYS: CompiledCondition = { test: () => true, mayThrow: false, conjuncts: [] };

export function allOf(members: readonly Prioritised[]): CompiledCondition {
  const conditions = members.map(({ condition }) => condition);
  if (members.length < 2) return conditions[0] ?? ALWAYS;
  if (conditions.some(({ mayThrow }) => mayThrow)) return { test: inRounds(members, false), mayThrow: true };
  return { test: conjunction(conditions.map(({ test }) => test)), mayThrow: false, conjuncts: conditions };
}

export function anyOf(members: readonly Prioritised[]): CompiledCondition {
  const conditions = members.map(({ condition }) => condition);
  if (members.length < 2) return conditions[0] ?? ALWAYS;
  if (conditions.some(({ mayThrow }) => mayThrow)) return { test: inRounds(members, true), mayThrow: true };
  const tests = conditions.map(({ test }) => test);
  return { test: (scope) => tests.some((test) => test(scope)), mayThrow: false };
}

/** Tests in one, with short-circuit. The small sizes are written out: they are most rules, and run twice as fast. */
export function conjunction(tests: readonly Test[]): Test {
  const [first, second, third] = tests;
  if (first === undefined) return ALWAYS.test;
  if (second === undefined) return first;
  if (third === undefined) return (scope) => first(scope) && second(scope);
  if (tests.length === 3) return (scope) => first(scope) && second(scope) && third(scope);
  return (scope) => tests.every((test) => test(scope));
}

/** The conditions that must all hold for this one to hold, however `all`s are nested. */
export function conjunctsOf(condition: CompiledCondition): readonly CompiledCondition[] {
  return condition.conjuncts?.flatMap(conjunctsOf) ?? [condition];
}

/**
 * A group in which a member may throw. json-rules-engine goes by priority, and within one priority evaluates every
 * member before it looks at the answers; so one that throws fails the rule though its neighbour would have decided.
 * `decisive` is the answer that settles the group: false for `all`, true for `any`.
 */
function inRounds(members: readonly Prioritised[], decisive: boolean): Test {
  const priorities = [...new Set(members.map(({ priority }) => priority))].sort((a, b) => b - a);
  const rounds = priorities.map((priority) => {
    const round = members.filter((member) => member.priority === priority);
    const testsThat = (mayThrow: boolean): Test[] =>
      round.filter(({ condition }) => condition.mayThrow === mayThrow).map(({ condition }) => condition.test);
    return { throwing: testsThat(true), safe: testsThat(false) };
  });
  return (scope) => {
    for (const { throwing, safe } of rounds) {
      const answers = throwing.map((test) => test(scope));
      if (answers.includes(decisive) || safe.some((test) => test(scope) === decisive)) return decisive;
    }
    return !decisive;
  };
}
