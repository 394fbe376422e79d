/**
 * What a log keeps of each of its events: that it was (`times`), a number with it, a hash of a value (to tell values
 * apart), or the value itself.
 */
export type Keeps = 'times' | 'numbers' | 'hashes' | 'values';

/** A fact that is answered from what was noted of earlier events. */
export interface StatefulFact {
  /** For the reference and for editors. */
  readonly doc: string;
  readonly keeps: Keeps;
  readonly gives: 'number' | 'boolean' | 'any';
  /** True when `params.of`, the path of a value in the event, must be given. */
  readonly needsOf: boolean;
  /** True when `params.within` must be given. */
  readonly needsWithin: boolean;
}

const overWindow = (doc: string, keeps: Keeps): StatefulFact => ({
  doc,
  keeps,
  gives: 'number',
  needsOf: keeps !== 'times',
  needsWithin: true,
});

/** Every stateful fact by name, for the compiler, the checker, the explanation and the reference. */
export const STATEFUL_FACTS = {
  count: overWindow(
    'How many such events there were for the key within the window, this one included.',
    'times',
  ),
  distinct: overWindow('How many different values `of` had within the window, 512 at most.', 'hashes'),
  sum: overWindow('The sum of the numbers at `of` within the window; 0 when there are none.', 'numbers'),
  min: overWindow(
    'The lowest of the numbers at `of` within the window; missing when there are none.',
    'numbers',
  ),
  max: overWindow(
    'The highest of the numbers at `of` within the window; missing when there are none.',
    'numbers',
  ),
  avg: overWindow(
    'The mean of the numbers at `of` within the window; missing when there are none.',
    'numbers',
  ),
  previous: {
    doc: 'The value that `of` had in the last such event before this one for the key; missing when there was none.',
    keeps: 'values',
    gives: 'any',
    needsOf: true,
    needsWithin: false,
  },
  changed: {
    doc: 'True when `of` has another value than in the last such event before this one for the key; false when there was none.',
    keeps: 'values',
    gives: 'boolean',
    needsOf: true,
    needsWithin: false,
  },
  firstSeen: {
    doc:
      'True when the value at `of` has not been seen for the key within the window before this event; missing when the ' +
      'event has no value there.',
    keeps: 'hashes',
    gives: 'boolean',
    needsOf: true,
    needsWithin: true,
  },
  sinceLast: {
    doc: 'Seconds since the last such event before this one for the key; missing when there was none.',
    keeps: 'times',
    gives: 'number',
    needsOf: false,
    needsWithin: false,
  },
  spike: {
    doc:
      'How many times as many as usual: the count within the window divided by the mean count of the windows before it ' +
      '(`windows` of them, 7 unless given), or, for a stream that began within those, of the time since its first event. ' +
      'Missing in the first two windows of a stream, and when nothing came before the window.',
    keeps: 'times',
    gives: 'number',
    needsOf: false,
    needsWithin: true,
  },
} as const satisfies Readonly<Record<string, StatefulFact>>;

export type Measure = keyof typeof STATEFUL_FACTS;

export function isMeasure(fact: string): fact is Measure {
  return Object.hasOwn(STATEFUL_FACTS, fact);
}
