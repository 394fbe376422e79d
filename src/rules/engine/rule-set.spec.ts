import { aRule, anEvent } from '../../../test/pure/engine/samples.js';
import { RuleCompileError } from './compile-rule.js';
import { compileRuleSet } from './rule-set.js';
import type { ConditionNode, Rule, RuleSources } from '../rule.js';

function sources(rules: readonly Rule[], more: Partial<RuleSources> = {}): RuleSources {
  return { rules, conditions: {}, lists: {}, ...more };
}

function matchedIds(rules: readonly Rule[], event = anEvent()): string[] {
  return compileRuleSet(sources(rules))
    .match(event)
    .map(({ rule }) => rule.id);
}

const stateIs = (value: unknown): ConditionNode => ({
  all: [{ fact: 'lead', path: '$.state', operator: 'equal', value }],
});

describe('RuleSet', () => {
  it('answers in the order of ids, once a rule, whatever finds it', () => {
    const rules = [
      aRule({ id: 'c', on: ['*', 'marketo.activity.*', 'marketo.activity.newlead'] }),
      aRule({ id: 'b', conditions: stateIs('CA') }),
      aRule({ id: 'd', conditions: stateIs('CA') }),
      aRule({ id: 'e', conditions: stateIs('NY') }),
      aRule({ id: 'a', on: ['marketo.activity.newlead'] }),
    ];
    expect(matchedIds(rules, anEvent({ data: { lead: { state: 'CA' } } }))).toEqual(['a', 'b', 'c', 'd']);
  });

  it('leaves rules out that are off, and keeps shadow rules', () => {
    const rules = [aRule({ id: 'a', mode: 'off' }), aRule({ id: 'b', mode: 'shadow' })];
    expect(matchedIds(rules)).toEqual(['b']);
    expect(compileRuleSet(sources(rules)).size).toBe(1);
  });

  it('takes what is given of the lead for known', () => {
    const ruleSet = compileRuleSet(sources([aRule({ conditions: stateIs('CA') })]));
    expect(ruleSet.match(anEvent())).toEqual([]);
    expect(ruleSet.match(anEvent(), { given: { lead: { state: 'CA' } } })).toHaveLength(1);
  });

  it('reports a rule that throws and decides the others', () => {
    const value = { fact: 'data', path: '$.allowed' };
    const throwing = { all: [{ fact: 'leadId', operator: 'in', value }] };
    const ruleSet = compileRuleSet(sources([aRule({ id: 'a', conditions: throwing }), aRule({ id: 'b' })]));
    const errors: unknown[] = [];
    const matches = ruleSet.match(anEvent(), { onError: ({ rule }, error) => errors.push([rule.id, error]) });
    expect(matches.map(({ rule }) => rule.id)).toEqual(['b']);
    expect(errors).toEqual([['a', expect.any(TypeError)]]);
    expect(ruleSet.match(anEvent())).toHaveLength(1);
  });

  it('has a version that changes with what decides', () => {
    const rules = [aRule()];
    const { version } = compileRuleSet(sources(rules));
    expect(compileRuleSet(sources(rules)).version).toBe(version);
    expect(compileRuleSet(sources([aRule({ version: 'v2' })])).version).not.toBe(version);
    expect(compileRuleSet(sources(rules, { lists: { states: ['CA'] } })).version).not.toBe(version);
    expect(compileRuleSet(sources(rules, { conditions: { any: stateIs('CA') } })).version).not.toBe(version);
  });

  it('stays small and right under a flood of made-up types', () => {
    const ruleSet = compileRuleSet(sources([aRule({ id: 'a' }), aRule({ id: 'b', on: ['com.acme.*'] })]));
    for (let index = 0; index < 10_000; index += 1) {
      const type = index % 2 === 0 ? `com.acme.${String(index)}` : `x.${String(index)}`;
      expect(ruleSet.match(anEvent({ type }))).toHaveLength(index % 2 === 0 ? 2 : 1);
    }
    const { byType } = ruleSet as unknown as { byType: Record<'recent' | 'indexes', Map<string, unknown>> };
    expect(byType.recent.size).toBeLessThanOrEqual(2_048);
    expect(byType.indexes.size).toBe(2);
  });

  const test = { fact: 'leadId', operator: 'equal', value: '7' };
  it.each<[string, ConditionNode]>([
    ['an unknown operator', { all: [{ ...test, operator: 'equals' }] }],
    ['an unknown shared condition', { condition: 'constructor' }],
    ['shared conditions in a circle', { condition: 'first' }],
    ['a pattern that is none', { all: [{ ...test, operator: 'matches', value: '(' }] }],
    ['a pattern from the event', { all: [{ ...test, operator: 'matches', value: { fact: 'type' } }] }],
    ['a pattern from the event, swapped', { all: [{ ...test, operator: 'swap:matches' }] }],
    ['a path with a filter', { all: [{ ...test, path: '$[?(@.a)]' }] }],
    ['a condition without a value', { all: [{ fact: 'leadId', operator: 'equal' }] }],
    ['an all that is no list', { all: test }],
  ])('refuses %s', (_, conditions) => {
    const shared = { first: { condition: 'second' }, second: { any: [{ condition: 'first' }] } };
    const compile = (): unknown =>
      compileRuleSet(sources([aRule({ id: 'bad/one', conditions })], { conditions: shared }));
    expect(compile).toThrow(RuleCompileError);
    expect(compile).toThrow('rule bad/one: ');
  });

  it('refuses a misplaced * with the id of the rule', () => {
    expect(() => compileRuleSet(sources([aRule({ id: 'bad/on', on: ['a*b.c'] })]))).toThrow('rule bad/on: ');
  });
});
