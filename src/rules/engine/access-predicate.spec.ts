import { chooseAccess } from './access-predicate.js';
import { ConditionCompiler } from './condition.js';
import type { ConditionNode } from '../rule.js';

/** What each rule, a list of conditions that must all hold, is found by. */
function foundBy(rules: readonly (readonly ConditionNode[])[]): unknown[] {
  const compiler = new ConditionCompiler({ conditions: {}, lists: {} });
  const conditions = rules.map((all) => compiler.compile({ all }));
  return chooseAccess(conditions).map((predicate) => {
    if (predicate === undefined) return undefined;
    const { view, ...criterion } = predicate.access.criterion;
    return { ...criterion, view: view.name, key: predicate.access.key };
  });
}

const on = (path: string, operator: string, value: unknown): ConditionNode => {
  return { fact: 'data', path: `$.${path}`, operator, value };
};
const twenty = Array.from({ length: 20 }, (_, index) => index);

describe('the choice of what a rule is found by', () => {
  it('takes the equality whose values are the rarest', () => {
    const rules = twenty.map((n) => [on('country', 'equal', n % 2), on('city', 'equal', n)]);
    expect(foundBy(rules)).toEqual(
      twenty.map((n) => ({ kind: 'one of', values: [n], view: 'as it is', key: '["data","city"]' })),
    );
  });

  it('takes two bounds of one fact for one range', () => {
    const rules = twenty.map((n) => [on('score', 'greaterThan', n), on('score', 'lessThanInclusive', n + 1)]);
    expect(foundBy(rules)).toEqual(
      twenty.map((n) => ({
        kind: 'in range',
        low: n,
        high: n + 1,
        view: 'numeric',
        key: '["data","score"]',
      })),
    );
  });

  it('takes a prefix before a range that is half of everything', () => {
    const rules = twenty.map((n) => [on('score', 'greaterThan', n), on('page', 'startsWith', `/Page-${n}`)]);
    expect(foundBy(rules)).toEqual(
      twenty.map((n) => ({
        kind: 'begins with',
        prefix: `/page-${n}`,
        view: 'folded',
        key: '["data","page"]',
      })),
    );
  });

  it.each([
    ['what no other rule looks at', (n: number) => [on(`field${n}`, 'equal', n)]],
    ['what every text begins with', () => [on('page', 'startsWith', '')]],
    ['a decorated comparison', (n: number) => [on('score', 'not:equal', n)]],
    [
      'what is not known of an event',
      (n: number) => [{ fact: 'lead', path: '$.x', operator: 'equal', value: n }],
    ],
    ['one way among several', (n: number) => [{ any: [on('score', 'equal', n), on('x', 'equal', n)] }]],
  ])('tries outright a rule with only %s', (_, rule) => {
    expect(foundBy(twenty.map(rule))).toEqual(twenty.map(() => undefined));
  });
});
