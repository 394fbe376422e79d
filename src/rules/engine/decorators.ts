import type { Lists, Operator, Predicate } from './operator.js';

/** A prefix such as `someFact:` that changes how the operator behind it is applied. */
export interface Decorator {
  readonly doc: string;
  decorate(next: Operator): Operator;
}

type Quantifier = 'some' | 'every';

/** Applies the next operator to the entries of the fact; a fact that is no list: no. */
function overFact(quantifier: Quantifier): Decorator['decorate'] {
  return (next) => ({
    ...next,
    bind: (value, lists) => {
      const predicate = next.bind(value, lists);
      return (fact, scope) => Array.isArray(fact) && fact[quantifier]((entry) => predicate(entry, scope));
    },
  });
}

/** Applies the next operator to the entries of the value; a value that is no list throws, as in json-rules-engine. */
function overValue(quantifier: Quantifier): Decorator['decorate'] {
  return (next) => ({
    ...next,
    bind: (value, lists) => {
      if (!Array.isArray(value)) return throwing(`the value of "${quantifier}Value:" must be a list`);
      const predicates = value.map((entry) => next.bind(entry, lists));
      return (fact, scope) => predicates[quantifier]((predicate) => predicate(fact, scope));
    },
    mayThrow: (value) => !Array.isArray(value) || value.some((entry) => next.mayThrow?.(entry) ?? false),
    problem: (value, lists) => (Array.isArray(value) ? firstProblem(next, value, lists) : undefined),
  });
}

function firstProblem(next: Operator, values: readonly unknown[], lists: Lists): string | undefined {
  for (const value of values) {
    const problem = next.problem?.(value, lists);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function throwing(message: string): Predicate {
  return () => {
    throw new TypeError(message);
  };
}

function swap(next: Operator): Operator {
  return {
    literalOnly: next.literalOnly ?? false,
    bind: (value, lists) => (fact, scope) => next.bind(fact, lists)(value, scope),
    mayThrow: () => next.mayThrow?.(undefined) ?? false,
  };
}

function not(next: Operator): Operator {
  return {
    ...next,
    bind: (value, lists) => {
      const predicate = next.bind(value, lists);
      return (fact, scope) => !predicate(fact, scope);
    },
  };
}

/** json-rules-engine's operator decorators. They stack, the leftmost outermost: `not:someFact:startsWith`. */
export const DECORATORS: Readonly<Record<string, Decorator>> = {
  someFact: {
    doc: 'True when the operator holds for at least one entry of the fact. A fact that is no list: no.',
    decorate: overFact('some'),
  },
  everyFact: {
    doc: 'True when the operator holds for every entry of the fact, an empty list included. No list: no.',
    decorate: overFact('every'),
  },
  someValue: {
    doc: 'True when the operator holds for at least one entry of the value, which must be a list.',
    decorate: overValue('some'),
  },
  everyValue: {
    doc: 'True when the operator holds for every entry of the value, which must be a list.',
    decorate: overValue('every'),
  },
  swap: { doc: 'Puts the fact in place of the value and the value in place of the fact.', decorate: swap },
  not: { doc: 'Turns the answer round; so a field that is missing or of another type: yes.', decorate: not },
};
