import type { JsonObject } from '../../contracts/json.js';
import { isMeasure, type Measure } from '../memory/stateful-facts.js';
import { error, warning, type Finding } from './problem.js';

/** So many different values are told apart. */
const MOST_DISTINCT = 512;

/** A number of which it is certain between what it lies, and why it is never outside, for its author. */
interface Bounded {
  readonly low: number;
  readonly high: number;
  readonly because: string;
}

const HOUR: Bounded = { low: 0, high: 23, because: '"$.hour" is a number from 0 to 23' };
const WEEKDAY: Bounded = {
  low: 1,
  high: 7,
  because: '"$.weekday" is a number from 1 (Monday) to 7 (Sunday)',
};

/** Says what a comparison of a fact that is a number hardly means, or can never come to. */
export function numberTraps(leaf: JsonObject): Finding[] {
  const { fact, operator, value } = leaf;
  const bounded = boundedBy(leaf);
  const never = bounded === undefined ? undefined : outOfReach(String(operator), value, bounded);
  if (bounded !== undefined && never !== undefined) {
    const finding = fact === 'distinct' ? error : warning;
    return [finding('trap.out-of-reach', `${never}: ${bounded.because}`)];
  }
  const isPassed = typeof fact === 'string' && isMeasure(fact) && typeof value === 'number';
  return isPassed && operator === 'equal' && isPassedBy(fact, value) ? [exactly(fact, value)] : [];
}

/** Undefined for what is no number, or may be any. */
export function boundedBy({ fact, path, params }: JsonObject): Bounded | undefined {
  if (fact === 'now') return path === '$.hour' ? HOUR : path === '$.weekday' ? WEEKDAY : undefined;
  const high = Number.POSITIVE_INFINITY;
  switch (fact) {
    case 'count':
      return countsItself(params)
        ? {
            low: 1,
            high,
            because:
              '"count" counts the event itself, so it is 1 at least; to count other events name them with "on" in "params"',
          }
        : { low: 0, high, because: '"count" is never below 0' };
    case 'distinct':
      return { low: 0, high: MOST_DISTINCT, because: `"distinct" is a number from 0 to ${MOST_DISTINCT}` };
    case 'sinceLast':
    case 'spike':
      return { low: 0, high, because: `"${fact}" is never below 0` };
    default:
      return undefined;
  }
}

/** The event that the rule looks at is itself among those that are counted unless others are named. */
function countsItself(params: unknown): boolean {
  const { on, where } = (params ?? {}) as JsonObject;
  return on === undefined && where === undefined;
}

/** What of the value is out of reach, in words for its author. */
function outOfReach(operator: string, value: unknown, { low, high }: Bounded): string | undefined {
  if (operator === 'equal' || operator === 'in') {
    const values: readonly unknown[] = operator === 'in' && Array.isArray(value) ? value : [value];
    const outside = values.find((each) => typeof each !== 'number' || each < low || each > high);
    return outside === undefined ? undefined : `${JSON.stringify(outside)} is never met`;
  }
  if (typeof value !== 'number') return undefined;
  const isNever =
    (operator === 'lessThan' && value <= low) ||
    (operator === 'lessThanInclusive' && value < low) ||
    (operator === 'greaterThan' && value >= high) ||
    (operator === 'greaterThanInclusive' && value > high);
  return isNever ? 'this can never be true' : undefined;
}

/** None or one is as exact as it is meant; the others are passed by, or missed by a fraction. */
function isPassedBy(measure: Measure, value: number): boolean {
  if (measure === 'count' || measure === 'distinct') return value > 1;
  return measure === 'sinceLast' || measure === 'spike' || measure === 'avg';
}

function exactly(measure: Measure, value: number): Finding {
  const message = `"equal" is true at exactly ${value}, and "${measure}" can pass that by: if at least ${value} is meant, write "greaterThanInclusive"`;
  return warning('trap.exactly', message);
}
