import type { JsonObject } from '../../contracts/json.js';
import { isMeasure, type Measure } from '../memory/stateful-facts.js';
import { error, warning, type Finding } from './problem.js';

/** So many different values are told apart. */
const MOST_DISTINCT = 512;

interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** What is certain of a fact that is a number, whatever the events. */
function boundsOf(measure: Measure, params: unknown): Bounds | undefined {
  const { on, where } = (params ?? {}) as JsonObject;
  // The event that the rule looks at is itself among those that are counted.
  if (measure === 'count')
    return { low: on === undefined && where === undefined ? 1 : 0, high: Number.POSITIVE_INFINITY };
  if (measure === 'distinct') return { low: 0, high: MOST_DISTINCT };
  if (measure === 'sinceLast' || measure === 'spike') return { low: 0, high: Number.POSITIVE_INFINITY };
  return undefined;
}

/** Says what a comparison of a fact that remembers with a number hardly means, or can never come to. */
export function seriesTraps({ fact, params, operator, value }: JsonObject): Finding[] {
  if (typeof fact !== 'string' || !isMeasure(fact) || typeof value !== 'number') return [];
  const bounds = boundsOf(fact, params);
  if (bounds !== undefined && isOutOfReach(String(operator), value, bounds)) {
    return [outOfReach(fact, String(operator), value, bounds)];
  }
  return operator === 'equal' && isPassedBy(fact, value) ? [exactly(fact, value)] : [];
}

function isOutOfReach(operator: string, value: number, { low, high }: Bounds): boolean {
  switch (operator) {
    case 'lessThan':
      return value <= low;
    case 'lessThanInclusive':
      return value < low;
    case 'greaterThan':
      return value >= high;
    case 'greaterThanInclusive':
      return value > high;
    case 'equal':
      return value < low || value > high;
    default:
      return false;
  }
}

function outOfReach(measure: Measure, operator: string, value: number, { low, high }: Bounds): Finding {
  if (measure === 'distinct' && value >= high) {
    const message = `"distinct" tells ${MOST_DISTINCT} values apart at most: it is never "${operator}" ${value}`;
    return error('trap.out-of-reach', message);
  }
  const because =
    low === 1
      ? '"count" counts the event itself, so it is 1 at least: to count other events name them with "on" in "params"'
      : `"${measure}" is never below 0`;
  return warning('trap.out-of-reach', `this can never be true: ${because}`);
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
