import { parseDuration } from '../../contracts/duration.js';
import { parseInstant } from '../../contracts/instant.js';
import type { OperatorEntry, Predicate } from './operator.js';

const never: Predicate = () => false;

/** The test that a range of numbers or of times stands for; a text when it is no range. */
function compileRange(value: unknown): Predicate | string {
  if (!Array.isArray(value) || value.length !== 2)
    return 'the value must be a list of two: [lowest, highest]';
  const [low, high] = value as [unknown, unknown];
  if (typeof low === 'number' && typeof high === 'number') {
    if (low > high) return 'the lowest value is above the highest';
    return (fact) => typeof fact === 'number' && fact >= low && fact <= high;
  }
  const from = instantOf(low);
  const to = instantOf(high);
  if (from === undefined || to === undefined)
    return 'the two values must be numbers, or times such as 2026-01-31';
  if (from > to) return 'the first time is after the second';
  return (fact) => {
    const instant = instantOf(fact);
    return instant !== undefined && instant >= from && instant <= to;
  };
}

function instantOf(value: unknown): number | undefined {
  return typeof value === 'string' ? parseInstant(value) : undefined;
}

function durationOf(value: unknown): number | undefined {
  return typeof value === 'string' ? parseDuration(value) : undefined;
}

function instantComparison(compare: (fact: number, value: number) => boolean, word: string): OperatorEntry {
  return {
    fact: 'time',
    value: 'time',
    added: true,
    doc:
      `The fact is a time ${word} the value, as instants whatever their zones; without a zone it is UTC. ` +
      'A missing field, or one that is no time: no.',
    bind: (right) => {
      const limit = instantOf(right);
      if (limit === undefined) return never;
      return (fact) => {
        const instant = instantOf(fact);
        return instant !== undefined && compare(instant, limit);
      };
    },
    problem: (value) =>
      instantOf(value) === undefined ? 'the value must be a time such as 2026-01-31T09:00:00Z' : undefined,
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
      return (fact, scope) => {
        const instant = instantOf(fact);
        return instant !== undefined && compare(instant, scope.instant - duration);
      };
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
    bind: (right) => {
      const range = compileRange(right);
      return typeof range === 'string' ? never : range;
    },
    problem: (value) => {
      const range = compileRange(value);
      return typeof range === 'string' ? range : undefined;
    },
  },
  before: instantComparison((fact, value) => fact < value, 'before'),
  after: instantComparison((fact, value) => fact > value, 'after'),
  olderThan: age((instant, limit) => instant < limit, 'longer ago'),
  newerThan: age((instant, limit) => instant > limit, 'less long ago'),
};
