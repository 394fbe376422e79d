import type { Oddity } from '../../contracts/event.js';
import { daysIn, parseInstant } from '../../contracts/instant.js';

const RFC3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
const ZERO = '0'.charCodeAt(0);

/**
 * The instant that `value` names, RFC 3339 in UTC with at most milliseconds. Times without a zone are UTC. Falls back
 * to `receivedAt`. Anything that is not RFC 3339 is told in `oddities`.
 */
export function readTime(value: unknown, receivedAt: string, oddities: Oddity[]): string {
  if (typeof value === 'string') {
    if (isPlainUtc(value)) return value;
    const instant = parseInstant(value);
    if (instant !== undefined) {
      if (!RFC3339.test(value)) oddities.push('odd-time');
      return new Date(instant).toISOString();
    }
  }
  oddities.push('unreadable-time');
  return receivedAt;
}

/** True for `2024-12-17T18:43:56Z` and `2024-12-17T18:43:56.123Z`: nearly every event, so no regular expression. */
function isPlainUtc(text: string): boolean {
  const length = text.length;
  if (length !== 20 && !(length === 24 && text[19] === '.' && digits(text, 20, 3) >= 0)) return false;
  if (text[length - 1] !== 'Z') return false;
  if (text[4] !== '-' || text[7] !== '-' || text[10] !== 'T') return false;
  if (text[13] !== ':' || text[16] !== ':') return false;
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  return (
    digits(text, 0, 4) >= 0 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    // Longer months are rare enough to be asked about one by one.
    (day <= 28 || day <= daysIn(digits(text, 0, 4), month)) &&
    inRange(digits(text, 11, 2), 23) &&
    inRange(digits(text, 14, 2), 59) &&
    inRange(digits(text, 17, 2), 59)
  );
}

function inRange(value: number, highest: number): boolean {
  return value >= 0 && value <= highest;
}

/** The number that `count` digits from `start` make; -1 if one of them is none. */
function digits(text: string, start: number, count: number): number {
  let value = 0;
  for (let i = start; i < start + count; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
