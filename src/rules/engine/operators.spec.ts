import { anEvent } from '../../../test/pure/engine/samples.js';
import { FactScope } from './facts.js';
import { findOperator, OPERATORS } from './operators.js';

const scope = new FactScope(anEvent({ time: '2026-01-31T09:00:00.000Z' }), undefined);
const lists = new Map([['free-mail', new Set<unknown>(['gmail.com', 7])]]);

function holds(name: string, fact: unknown, value: unknown): boolean | undefined {
  return findOperator(name)?.bind(value, lists)(fact, scope);
}

describe('added operators', () => {
  it.each([
    ['exists', '', true, true],
    ['exists', null, true, false],
    ['exists', undefined, false, true],
    ['isEmpty', undefined, true, true],
    ['isEmpty', ' ', true, true],
    ['isEmpty', [], true, true],
    ['isEmpty', {}, true, true],
    ['isEmpty', 0, true, false],
    ['isEmpty', false, false, true],
    ['isEmpty', 'CA', false, true],
    ['equalIgnoreCase', 'UNITED States', 'united states', true],
    ['equalIgnoreCase', 5, '5', false],
    ['startsWith', 'Director', 'dir', true],
    ['startsWith', undefined, 'dir', false],
    ['endsWith', 'bob@ACME.example', '@acme.example', true],
    ['endsWith', 'acme.example.com', 'acme.example', false],
    ['containsText', 'Sales Director', 'DIRECT', true],
    ['containsText', ['Director'], 'director', false],
    ['matches', 'order-123', '\\d+$', true],
    ['matches', 'ORDER', '^order$', false],
    ['matches', 123, '\\d+', false],
    ['between', 7, [5, 7], true],
    ['between', 7.1, [5, 7], false],
    ['between', '6', [5, 7], false],
    ['between', '2026-01-15 10:00:00', ['2026-01-01', '2026-01-31'], true],
    ['before', '2026-01-31T10:00:00+02:00', '2026-01-31T08:30:00Z', true],
    ['before', '2026-01-31T09:00:00Z', '2026-01-31T09:00:00Z', false],
    ['after', '2026-02-01', '2026-01-31T23:59:59Z', true],
    ['after', 'soon', '2026-01-31', false],
    ['olderThan', '2026-01-23T09:00:00Z', '7d', true],
    ['olderThan', '2026-01-24T09:00:00Z', '7d', false],
    ['newerThan', '2026-01-24T09:00:01Z', '7d', true],
    ['newerThan', '2026-01-24T09:00:00Z', '7d', false],
    ['newerThan', undefined, '7d', false],
    ['inList', 'gmail.com', 'free-mail', true],
    ['inList', 'GMAIL.com', 'free-mail', false],
    ['inList', '7', 'free-mail', false],
    ['someFact:startsWith', ['x', 'Dir'], 'dir', true],
    ['not:inList', undefined, 'free-mail', true],
    ['someValue:matches', 'b2', ['^a', '^b'], true],
  ])('%s: %j and %j give %s', (name, fact, value, expected) => {
    expect(holds(name, fact, value)).toBe(expected);
  });

  it.each([
    ['exists', 'true'],
    ['startsWith', 5],
    ['matches', '('],
    ['matches', '(?=a)'],
    ['between', [7, 5]],
    ['between', [5]],
    ['before', 'soon'],
    ['olderThan', '7 days'],
    ['inList', 'no-such-list'],
    ['inList', 'constructor'],
    ['someValue:matches', ['a', '(']],
    ['not:olderThan', 7],
  ])('%s tells what is wrong with %j', (name, value) => {
    expect(findOperator(name)?.problem?.(value, lists)).toEqual(expect.any(String));
    expect(() => findOperator(name)?.bind(value, lists)).not.toThrow();
  });

  it('takes linear time for a pattern that ruins backtracking engines', () => {
    expect(holds('matches', 'a'.repeat(50_000) + '!', '^(a+)+$')).toBe(false);
  });
});

describe('findOperator', () => {
  it.each(['', 'noSuch', 'noSuch:equal', 'equal:', ':equal', 'constructor', 'constructor:equal', 'someFact'])(
    'knows no "%s"',
    (name) => {
      expect(findOperator(name)).toBeUndefined();
    },
  );

  it('has a sentence for every operator', () => {
    for (const { doc } of OPERATORS.values()) expect(doc).toMatch(/\.$/);
  });
});
