import type { Oddity } from '../../contracts/event.js';

const RFC3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
const TOLERATED =
  /^(\d{4})-(\d{1,2})-(\d{1,2})[Tt ](\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)? ?(?:([+-])(\d{1,2}):?(\d\d)|[Zz]|UTC|GMT)?$/;
/** Longer than any time that a sender writes; a bound for the regular expression. */
const LONGEST = 48;
const ZERO = '0'.charCodeAt(0);

/**
 * The instant that `value` names, RFC 3339 in UTC with at most milliseconds. Times without a zone are UTC. Falls back
 * to `receivedAt`. Anything that is not RFC 3339 is told in `oddities`.
 */
export function readTime(value: unknown, receivedAt: string, oddities: Oddity[]): string {
  if (typeof value === 'string') {
    if (isPlainUtc(value)) return value;
    const time = readTolerantly(value);
    if (time !== undefined) {
      if (!RFC3339.test(value)) oddities.push('odd-time');
      return time;
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

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Reads what senders have been seen to write: a space for the `T`, no zone, `-5:00`, nanoseconds, a leap second. */
function readTolerantly(text: string): string | undefined {
  const parts = text.length > LONGEST ? null : TOLERATED.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute] = parts.slice(1, 6).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const second = Number(parts[6] ?? 0);
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const offset = (Number(parts[9] ?? 0) * 60 + Number(parts[10] ?? 0)) * (parts[8] === '-' ? -1 : 1);
  if (Math.abs(offset) >= 24 * 60) return undefined;
  const millis = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3));
  const date = new Date(0);
  // Date.UTC would take the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute - offset, second, millis);
  const time = date.toISOString();
  return time.length === 24 ? time : undefined;
}
