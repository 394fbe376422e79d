import type { Criterion } from './criterion.js';
import type { FactScope } from './facts.js';
import { allNeeds, needsNothing, NO_NEEDS, type Needs } from './needs.js';

export type Test = (scope: FactScope) => boolean;
export type Read = (scope: FactScope) => unknown;

/** A verdict by what is known: true, false, or undefined while it depends on what is not known yet. */
export type Settle = (scope: FactScope) => boolean | undefined;

/** By what an index finds a condition: what it reads, and what must be true of that. */
export interface Access {
  /** The same for every condition that reads the same fact and path. */
  readonly key: string;
  readonly read: Read;
  readonly criterion: Criterion;
}

export interface CompiledCondition {
  /** The verdict once everything is known that `needs` names; what is not known then is missing. */
  readonly test: Test;
  /** The verdict as far as it is known. A condition that needs nothing is settled by its `test`. */
  readonly settle: Settle;
  readonly needs: Needs;
  /** True when some event makes the test throw. */
  readonly mayThrow: boolean;
  readonly access?: Access;
  /** For an `all`: its members. */
  readonly conjuncts?: readonly CompiledCondition[];
}

export interface Prioritised {
  readonly priority: number;
  readonly condition: CompiledCondition;
}

const yes: Test = () => true;

/** json-rules-engine takes an empty group, `any` too, for true. */
export const ALWAYS: CompiledCondition = {
  test: yes,
  settle: yes,
  needs: NO_NEEDS,
  mayThrow: false,
  conjuncts: [],
};

/** A condition that is settled when everything is known that it needs, and not before. */
export function settledWhenKnown(
  test: Test,
  needs: Needs,
): Pick<CompiledCondition, 'test' | 'settle' | 'needs'> {
  if (needsNothing(needs)) return { test, settle: test, needs };
  const { questions, leadFields } = needs;
  const isKnown: Test = (scope) =>
    questions.every((question) => scope.hasAnswer(question)) &&
    leadFields.every((field) => scope.knowsOfLead(field));
  return { test, needs, settle: (scope) => (isKnown(scope) ? test(scope) : undefined) };
}

export function allOf(members: readonly Prioritised[]): CompiledCondition {
  const conditions = members.map(({ condition }) => condition);
  if (members.length < 2) return conditions[0] ?? ALWAYS;
  if (conditions.some(({ mayThrow }) => mayThrow)) return throwingGroup(members, false);
  const test = conjunction(conditions.map((condition) => condition.test));
  const needs = allNeeds(conditions.map((condition) => condition.needs));
  const settle = needsNothing(needs) ? test : settleAll(conditions);
  return { test, settle, needs, mayThrow: false, conjuncts: conditions };
}

export function anyOf(members: readonly Prioritised[]): CompiledCondition {
  const conditions = members.map(({ condition }) => condition);
  if (members.length < 2) return conditions[0] ?? ALWAYS;
  if (conditions.some(({ mayThrow }) => mayThrow)) return throwingGroup(members, true);
  const tests = conditions.map((condition) => condition.test);
  const test: Test = (scope) => tests.some((each) => each(scope));
  const needs = allNeeds(conditions.map((condition) => condition.needs));
  const settle = needsNothing(needs) ? test : settleWith(conditions, true);
  return { test, settle, needs, mayThrow: false };
}

export function notThat({ test, settle, needs, mayThrow }: CompiledCondition): CompiledCondition {
  const negated: Test = (scope) => !test(scope);
  if (needsNothing(needs)) return { test: negated, settle: negated, needs, mayThrow };
  const settleNegated: Settle = (scope) => {
    const verdict = settle(scope);
    return verdict === undefined ? undefined : !verdict;
  };
  return { test: negated, settle: settleNegated, needs, mayThrow };
}

/** Tests in one, with short-circuit. The small sizes are written out: they are most rules, and run twice as fast. */
export function conjunction(tests: readonly Test[]): Test {
  const [first, second, third] = tests;
  if (first === undefined) return yes;
  if (second === undefined) return first;
  if (third === undefined) return (scope) => first(scope) && second(scope);
  if (tests.length === 3) return (scope) => first(scope) && second(scope) && third(scope);
  return (scope) => tests.every((test) => test(scope));
}

/** Settles conditions that must all hold; those that an event alone settles are asked first. */
export function settleAll(conditions: readonly CompiledCondition[]): Settle {
  const cheap = conditions.filter(({ needs }) => needsNothing(needs));
  const others = conditions.filter(({ needs }) => !needsNothing(needs));
  const refuses = conjunction(cheap.map(({ test }) => test));
  if (others.length === 0) return refuses;
  const rest = settleWith(others, false);
  return cheap.length === 0 ? rest : (scope) => refuses(scope) && rest(scope);
}

/** `decisive` settles the group whatever the others come to: false for `all`, true for `any`. */
function settleWith(conditions: readonly CompiledCondition[], decisive: boolean): Settle {
  const members = conditions.map(({ settle }) => settle);
  return (scope) => {
    let isOpen = false;
    for (const settle of members) {
      const verdict = settle(scope);
      if (verdict === decisive) return decisive;
      isOpen ||= verdict === undefined;
    }
    return isOpen ? undefined : !decisive;
  };
}

/** The conditions that must all hold for this one to hold, however `all`s are nested. */
export function conjunctsOf(condition: CompiledCondition): readonly CompiledCondition[] {
  return condition.conjuncts?.flatMap(conjunctsOf) ?? [condition];
}

/** A group in which a member may throw is judged as a whole, when everything is known. */
function throwingGroup(members: readonly Prioritised[], decisive: boolean): CompiledCondition {
  const test = inRounds(members, decisive);
  const needs = allNeeds(members.map(({ condition }) => condition.needs));
  return { ...settledWhenKnown(test, needs), mayThrow: true };
}

/**
 * json-rules-engine goes by priority, and within one priority evaluates every member before it looks at the answers; so
 * one that throws fails the rule though its neighbour would have decided. `decisive` is the answer that settles the
 * group: false for `all`, true for `any`.
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
