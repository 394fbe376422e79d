import { atLeast, atMost, type Criterion } from './criterion.js';
import { AS_IT_IS, NUMERIC, startsLikeNumber, type View } from './fact-views.js';
import type { OperatorEntry, Predicate } from './operator.js';

/** Below this many entries a scan is as quick as a hash. */
const SCAN_LIMIT = 8;

/** JavaScript's own comparison, coercion included: that is what json-rules-engine's verdicts rest on. */
function comparison(
  compare: (left: number, right: number) => boolean,
  words: string,
  range: (bound: number, view: View<number>) => Criterion,
): OperatorEntry {
  return {
    fact: 'number',
    value: 'number',
    added: false,
    doc: `The fact is ${words} the value. Text that starts like a number counts as one; a missing field: no.`,
    bind: (right) =>
      typeof right === 'number'
        ? (left) => compare(NUMERIC.of(left), right)
        : (left) => startsLikeNumber(left) && compare(left as number, right as number),
    criterion: (value) => (typeof value === 'number' ? range(value, NUMERIC) : undefined),
  };
}

/** Objects and lists, which are never equal to those of an event, can be left out. */
function oneOf(values: readonly unknown[]): Criterion {
  const possible = values.filter((value) => typeof value !== 'object' || value === null);
  return { kind: 'one of', view: AS_IT_IS, values: [...new Set(possible)] };
}

function membership(right: unknown): Predicate {
  if (Array.isArray(right)) {
    if (right.length <= SCAN_LIMIT) return (left) => right.includes(left);
    const entries = new Set<unknown>(right);
    return (left) => entries.has(left);
  }
  if (typeof right === 'string') return (left) => right.includes(String(left));
  return () => {
    throw new TypeError('the value of "in" and "notIn" must be a list');
  };
}

function negate(predicate: Predicate): Predicate {
  return (left, scope) => !predicate(left, scope);
}

const mayThrowUnlessList = (right: unknown): boolean => !Array.isArray(right) && typeof right !== 'string';

/** json-rules-engine's own operators, with its semantics down to the traps. */
export const STANDARD_OPERATORS: Readonly<Record<string, OperatorEntry>> = {
  equal: {
    fact: 'any',
    value: 'any',
    added: false,
    doc: 'Same type and same value; two lists or objects are never equal. A missing field: no.',
    bind: (right) => (left) => left === right,
    criterion: (value) => oneOf([value]),
  },
  notEqual: {
    fact: 'any',
    value: 'any',
    added: false,
    doc: 'The opposite of `equal`. A missing field: yes.',
    bind: (right) => (left) => left !== right,
  },
  in: {
    fact: 'any',
    value: 'list or text',
    added: false,
    doc: 'The fact is one of the values. With a text as value: the fact is a part of it. A missing field: no.',
    bind: membership,
    criterion: (value) => (Array.isArray(value) ? oneOf(value) : undefined),
    mayThrow: mayThrowUnlessList,
  },
  notIn: {
    fact: 'any',
    value: 'list or text',
    added: false,
    doc: 'The opposite of `in`. A missing field: yes.',
    bind: (right) => negate(membership(right)),
    mayThrow: mayThrowUnlessList,
  },
  contains: {
    fact: 'list',
    value: 'any',
    added: false,
    doc: 'The fact is a list and has the value among its entries. A missing field: no.',
    bind: (right) => (left) => Array.isArray(left) && left.includes(right),
  },
  doesNotContain: {
    fact: 'list',
    value: 'any',
    added: false,
    doc: 'The fact is a list and does not have the value among its entries. A missing field: no.',
    bind: (right) => (left) => Array.isArray(left) && !left.includes(right),
  },
  lessThan: comparison((left, right) => left < right, 'less than', atMost),
  lessThanInclusive: comparison((left, right) => left <= right, 'less than or equal to', atMost),
  greaterThan: comparison((left, right) => left > right, 'greater than', atLeast),
  greaterThanInclusive: comparison((left, right) => left >= right, 'greater than or equal to', atLeast),
};
