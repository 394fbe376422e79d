import type { RuleFile } from '../rule-schema.js';
import { nextRun } from '../flow/timetable.js';
import type { Timetable } from '../rule.js';

type GivenEvery = NonNullable<RuleFile['every']>;

export function timetableOf(every: GivenEvery): Omit<Timetable, 'timeZone'> {
  return typeof every === 'string' ? { cron: every, missed: 'last' } : { missed: 'last', ...every };
}

/** Why a timetable cannot be used, as the end of a sentence; undefined when it can. */
export function timetableProblem(cron: string, timeZone: string): string | undefined {
  if (cron.trim().split(/\s+/).length !== 5)
    return 'must be five fields: minute, hour, day of month, month, weekday, as in "0 9 * * 1-5"';
  // It would stand for the time at which the rule was read.
  if (cron.includes('?')) return 'cannot hold "?": write "*" for any';
  try {
    const next = nextRun({ cron, timeZone }, Date.now());
    return next === undefined ? 'names a time that never comes' : undefined;
  } catch (cause) {
    if (!(cause instanceof TypeError || cause instanceof RangeError)) throw cause;
    return `cannot be read: ${cause.message.replace(/^CronPattern: /, '')}`;
  }
}
