import fc from 'fast-check';
import { findOperator } from '../../../src/rules/engine/operators.js';
import { checkRule } from '../../../src/rules/loading/check-rule.js';
import { NOTHING } from '../../../src/rules/loading/no-event.js';

const context = {
  destinations: { ops: 'slack' },
  ruleIds: new Set<string>(),
  conditions: new Set<string>(),
  lists: new Map([['some', new Set<unknown>(['a', 3])]]),
} as const;

interface Comparison {
  readonly operator: string;
  readonly value: unknown;
}

/** Of conditions that stand in one `all`: do they exclude each other? */
function isExcluded(members: readonly object[]): boolean {
  const text = JSON.stringify({
    description: 'd',
    on: 'com.acme.any',
    conditions: { all: members },
    actions: [{ type: 'slack', params: { to: 'ops', text: 't' } }],
  });
  const { problems } = checkRule({ file: 'rules/x.json', id: 'x', text }, context);
  return problems.some(({ code }) => code === 'condition.contradiction');
}

const VALUES = [0, 1, 2, 3, 4, 'a', 'ab', 'b', '2', true, null];

const number = fc.integer({ min: 0, max: 4 });
const value = fc.constantFrom(...VALUES);
const comparison: fc.Arbitrary<Comparison> = fc.oneof(
  fc.record({ operator: fc.constantFrom('equal', 'notEqual', 'not:equal'), value }),
  fc.record({
    operator: fc.constantFrom('in', 'notIn'),
    value: fc.array(value, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    operator: fc.constantFrom('lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive'),
    value: number,
  }),
  fc.record({ operator: fc.constantFrom('startsWith', 'equalIgnoreCase'), value: fc.constantFrom('a', 'B') }),
  fc.constant({ operator: 'inList', value: 'some' }),
  fc.constant({ operator: 'newerThan', value: '1d' }),
);

it('are told only where no value meets all of them', () => {
  let told = 0;
  fc.assert(
    fc.property(fc.array(comparison, { minLength: 2, maxLength: 4 }), (comparisons) => {
      if (!isExcluded(comparisons.map((each) => ({ fact: 'data', path: '$.a', ...each })))) return;
      told += 1;
      const predicates = comparisons.map(({ operator, value }) =>
        findOperator(operator)?.bind(value, context.lists),
      );
      // Halves lie between the bounds of two ranges.
      const candidates = [...VALUES, 0.5, 1.5, 2.5, 3.5, -1, 5, undefined];
      expect(candidates.filter((each) => predicates.every((holds) => holds?.(each, NOTHING)))).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
  expect(told).toBeGreaterThan(100);
});

it.each<[string, boolean, object[]]>([
  ['two values of one field', true, [leaf('$.a', 'equal', 1), leaf('$.a', 'equal', 2)]],
  ['two values of two fields', false, [leaf('$.a', 'equal', 1), leaf('$.b', 'equal', 2)]],
  ['an empty range', true, [leaf('$.a', 'lessThan', 2), leaf('$.a', 'greaterThanInclusive', 2)]],
  ['a range of one', false, [leaf('$.a', 'lessThanInclusive', 2), leaf('$.a', 'greaterThanInclusive', 2)]],
  ['a value and another fact', false, [leaf('$.a', 'equal', 1), leaf('$.a', 'equal', { fact: 'type' })]],
  ['one of either', false, [{ any: [leaf('$.a', 'equal', 1), leaf('$.a', 'equal', 2)] }]],
  [
    'two counts',
    false,
    ['1d', '2d'].map((within) => ({
      fact: 'count',
      params: { within },
      operator: within === '1d' ? 'lessThan' : 'greaterThan',
      value: 3,
    })),
  ],
])('%s: %s', (_name, expected, members) => {
  expect(isExcluded(members)).toBe(expected);
});

function leaf(path: string, operator: string, right: unknown) {
  return { fact: 'data', path, operator, value: right };
}
