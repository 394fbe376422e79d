import { Cron } from 'croner';
import type { Timetable } from '../rule.js';

/** Runs that are looked back for at most. Older ones are neither told nor counted. */
export const MOST_RUNS = 1_000;

/** A run that is told later than this counts as missed. */
const LATE_MS = 60_000;

/** When something recurs: five fields (minute, hour, day of month, month, weekday) by the clocks of a zone. */
export type Recurrence = Pick<Timetable, 'cron' | 'timeZone'>;

/** A run that the rule is told of. */
export interface DueRun {
  /** When it was to be, epoch milliseconds. */
  readonly at: number;
  /** Runs before it that were left out. */
  readonly missed: number;
}

export interface DueRuns {
  /** The earliest first. */
  readonly told: readonly DueRun[];
  /** Runs after the last told one that were left out; the next one will say so. */
  readonly leftOut: number;
}

const compiled = new WeakMap<Recurrence, Cron>();

/**
 * The first run after this instant, epoch milliseconds; undefined when there is none. A single time of day that the
 * clocks leap over is run right after the leap, and one that they show twice is run once; `*`, lists, ranges and steps
 * go by what the clocks show.
 */
export function nextRun(recurrence: Recurrence, after: number): number | undefined {
  return cronOf(recurrence).nextRun(new Date(after))?.getTime();
}

/** The runs after `from` and until `to`, epoch milliseconds, the earliest first; of more than 1,000 the latest. */
export function runsWithin(recurrence: Recurrence, from: number, to: number): number[] {
  const cron = cronOf(recurrence);
  const runs: number[] = [];
  // The search is for what lies before an instant.
  let before = to + 1;
  while (runs.length < MOST_RUNS) {
    const at = cron.previousRuns(1, new Date(before))[0]?.getTime();
    if (at === undefined || at <= from) break;
    runs.push(at);
    before = at;
  }
  return runs.reverse();
}

/**
 * Which runs are told now. Those that are on time always are; of the missed ones, as `missed` says, each, none, or the
 * last unless one on time stands for it.
 *
 * @param runs what has come due since the last look, the earliest first
 * @param leftOut runs before them that were left out
 */
export function dueRuns(
  missed: Timetable['missed'],
  runs: readonly number[],
  now: number,
  leftOut: number,
): DueRuns {
  const onTime = runs.filter((at) => now - at <= LATE_MS);
  const told = missed === 'all' ? runs : missed === 'last' && onTime.length === 0 ? runs.slice(-1) : onTime;
  const skipped = leftOut + runs.length - told.length;
  if (told.length === 0) return { told: [], leftOut: skipped };
  // What is left out is always the earliest.
  return { told: told.map((at, index) => ({ at, missed: index === 0 ? skipped : 0 })), leftOut: 0 };
}

function cronOf(recurrence: Recurrence): Cron {
  let cron = compiled.get(recurrence);
  if (cron === undefined) {
    cron = new Cron(recurrence.cron, { timezone: recurrence.timeZone, mode: '5-part', paused: true });
    compiled.set(recurrence, cron);
  }
  return cron;
}
