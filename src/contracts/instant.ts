const DATE = String.raw`(\d{4})-(\d{1,2})-(\d{1,2})`;
const TIME = String.raw`(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?`;
const ZONE = String.raw`[Zz]|UTC|GMT|([+-])(?:(\d{1,2})(?::(\d\d))?|(\d\d)(\d\d))`;
const INSTANT = new RegExp(`^${DATE}(?:[Tt ]${TIME}\\s?(?:${ZONE})?)?$`);
/** Longer than any time that a sender writes; a bound for the regular expression. */
const LONGEST = 48;
const DAY_MINUTES = 24 * 60;

/**
 * Epoch milliseconds of a time written as text: RFC 3339, and what senders make of it (a space for the `T`, one digit
 * for two, no zone, no seconds, a date alone, an offset such as `-5:00`, `-0500` or `-05`, nanoseconds, a leap second).
 * Without a zone it is UTC. Undefined when it is no time, or none of the years 0 to 9999.
 */
export function parseInstant(text: string): number | undefined {
  const parts = text.length > LONGEST ? null : INSTANT.exec(text);
  if (parts === null) return undefined;
  const number = (group: number): number => Number(parts[group] ?? 0);
  const [year, month, day] = [number(1), number(2), number(3)];
  const [hour, minute, second] = [number(4), number(5), number(6)];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const [hours, minutes] = [number(9) + number(11), number(10) + number(12)];
  const offset = (hours * 60 + minutes) * (parts[8] === '-' ? -1 : 1);
  if (minutes > 59 || Math.abs(offset) >= DAY_MINUTES) return undefined;
  const date = new Date(0);
  // Date.UTC would take the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute - offset, second, Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3)));
  return date.getUTCFullYear() < 0 || date.getUTCFullYear() > 9999 ? undefined : date.getTime();
}

/** @param month from 1 */
export function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
