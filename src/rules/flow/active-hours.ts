import type { ActiveHours } from '../rule.js';
import { offsetAt, weekdayOf } from './zoned-time.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Hours that lie in a gap of the clocks are left out that day, so the search must reach over a week or two. */
const LONGEST_DAYS = 30;

/**
 * Whether the clock on the wall shows a time of the rule's hours at this instant, epoch milliseconds. Where it shows a
 * time twice, both count. Hours that pass midnight belong to the day on which they begin; where `to` equals `from` they
 * last until the same time on the next day.
 */
export function isOpen(hours: ActiveHours, at: number): boolean {
  return isOpenOnWall(hours, at + offsetAt(at, hours.timeZone));
}

/**
 * The first instant from `at` on in the rule's hours, epoch milliseconds.
 * @throws RangeError when they have no day, which no rule in force has.
 */
export function nextOpening(hours: ActiveHours, at: number): number {
  const end = at + LONGEST_DAYS * DAY_MS;
  for (let from = at; from < end;) {
    if (isOpen(hours, from)) return from;
    const offset = offsetAt(from, hours.timeZone);
    const until = steadyUntil(from, from + DAY_MS, hours.timeZone);
    const opening = openingOnWall(hours, from + offset) - offset;
    if (opening < until) return opening;
    from = until;
  }
  throw new RangeError(`Hours on the days [${hours.days.join()}] never come.`);
}

/** @param wall what the clock shows, as if it were epoch milliseconds */
function isOpenOnWall({ days, from, to }: ActiveHours, wall: number): boolean {
  const day = Math.floor(wall / DAY_MS);
  const minute = Math.floor((wall - day * DAY_MS) / MINUTE_MS);
  const passesMidnight = to <= from;
  if (minute >= from && (passesMidnight || minute < to)) return days.includes(weekdayOf(day));
  return passesMidnight && minute < to && days.includes(weekdayOf(day - 1));
}

/** When it opens next on this day or the day after, by a clock that nobody changes. It is closed at `wall`. */
function openingOnWall({ days, from }: ActiveHours, wall: number): number {
  const today = Math.floor(wall / DAY_MS);
  const openings = [today, today + 1]
    .filter((day) => days.includes(weekdayOf(day)))
    .map((day) => day * DAY_MS + from * MINUTE_MS);
  return openings.find((opening) => opening > wall) ?? Infinity;
}

/** The first instant after `from` at which the clocks have another offset; `until` when they have not by then. */
function steadyUntil(from: number, until: number, timeZone: string): number {
  const offset = offsetAt(from, timeZone);
  if (offsetAt(until, timeZone) === offset) return until;
  let [steady, changed] = [from, until];
  while (changed - steady > 1) {
    const middle = Math.floor((steady + changed) / 2);
    if (offsetAt(middle, timeZone) === offset) steady = middle;
    else changed = middle;
  }
  return changed;
}
