import { parseDuration } from '../../contracts/duration.js';
import { atLeast, atMost, type Criterion, type InRange } from './criterion.js';
import { INSTANT, NUMBER, type View } from './fact-views.js';
import type { OperatorEntry, Predicate } from './operator.js';

const never: Predicate = () => false;

/** The range of numbers or of times that a value stands for; a text when it is none. */
function readRange(value: unknown): InRange | string {
  if (!Array.isArray(value) || value.length !== 2)
    return 'the value must be a list of two: [lowest, highest]';
  const range = boundsOf(value[0], value[1]);
  if (range === undefined) return 'the two values must be numbers, or times such as 2026-01-31';
  if (range.low <= range.high) return range;
  return range.view === NUMBER
    ? 'the lowest value is above the highest'
    : 'the first time is after the second';
}

function boundsOf(first: unknown, second: unknown): InRange | undefined {
  for (const view of [NUMBER, INSTANT]) {
    const [low, high] = [view.of(first), view.of(second)];
    if (!Number.isNaN(low) && !Number.isNaN(high)) return { kind: 'in range', view, low, high };
  }
  return undefined;
}

function compileRange(value: unknown): Predicate {
  const range = readRange(value);
  if (typeof range === 'string') return never;
  const { view, low, high } = range;
  return (fact) => {
    const point = view.of(fact);
    return point >= low && point <= high;
  };
}

function durationOf(value: unknown): number | undefined {
  return typeof value === 'string' ? parseDuration(value) : undefined;
}

function instantComparison(
  compare: (fact: number, value: number) => boolean,
  word: string,
  range: (bound: number, view: View<number>) => Criterion,
): OperatorEntry {
  return {
    fact: 'time',
    value: 'time',
    added: true,
    doc:
      `The fact is a time ${word} the value, as instants whatever their zones; without a zone it is UTC. ` +
      'A missing field, or one that is no time: no.',
    bind: (right) => {
      const limit = INSTANT.of(right);
      return Number.isNaN(limit) ? never : (fact) => compare(INSTANT.of(fact), limit);
    },
    problem: (value) =>
      Number.isNaN(INSTANT.of(value)) ? 'the value must be a time such as 2026-01-31T09:00:00Z' : undefined,
    criterion: (value) => {
      const limit = INSTANT.of(value);
      return Number.isNaN(limit) ? undefined : range(limit, INSTANT);
    },
  };
}

function age(compare: (instant: number, limit: number) => boolean, word: string): OperatorEntry {
  return {
    fact: 'time',
    value: 'duration',
    added: true,
    doc:
      `The fact is a time ${word} than the given duration before the event's own time (not before now): ` +
      '`90s`, `30m`, `24h`, `7d`, `2w`. A missing field, or one that is no time: no.',
    bind: (right) => {
      const duration = durationOf(right);
      if (duration === undefined) return never;
      return (fact, scope) => compare(INSTANT.of(fact), scope.instant - duration);
    },
    problem: (value) =>
      durationOf(value) === undefined ? 'the value must be a duration such as 24h or 7d' : undefined,
  };
}

export const TIME_OPERATORS: Readonly<Record<string, OperatorEntry>> = {
  between: {
    fact: 'any',
    value: 'range',
    added: true,
    doc:
      'The fact is a number from the first to the second value, or a time from the first to the second, both ' +
      'included. A missing field, or one of another type: no.',
    bind: compileRange,
    problem: (value) => {
      const range = readRange(value);
      return typeof range === 'string' ? range : undefined;
    },
    criterion: (value) => {
      const range = readRange(value);
      return typeof range === 'string' ? undefined : range;
    },
  },
  before: instantComparison((fact, value) => fact < value, 'before', atMost),
  after: instantComparison((fact, value) => fact > value, 'after', atLeast),
  olderThan: age((instant, limit) => instant < limit, 'longer ago'),
  newerThan: age((instant, limit) => instant > limit, 'less long ago'),
};
