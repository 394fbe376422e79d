const HOUR_MS = 3_600_000;

/** How many calls there were at a time, epoch milliseconds. */
export interface UsageSample {
  readonly at: number;
  readonly used: number;
}

/** The course of a day's calls so far. Times are epoch milliseconds. */
export interface Course extends UsageSample {
  /** The midnights between which the day lies. */
  readonly began: number;
  readonly ends: number;
  /** The last sample that is an hour old or older; the beginning of the day when there is none. */
  readonly hourAgo?: UsageSample | undefined;
}

/**
 * How many calls there will be at midnight if it goes on like this:
 *
 *   used + (rate of the day so far + rate of the last hour) / 2 × time until midnight
 *
 * The rate of the day steadies it, that of the last hour lets it see a burst that began late. Both are over an hour at
 * least, so that a few calls just after midnight do not look like a flood.
 */
export function forecastAtMidnight({ at, used, began, ends, hourAgo }: Course): number {
  const before = hourAgo ?? { at: began, used: 0 };
  const rateOfDay = used / Math.max(HOUR_MS, at - began);
  const rateOfHour = Math.max(0, used - before.used) / Math.max(HOUR_MS, at - before.at);
  return Math.round(used + ((rateOfDay + rateOfHour) / 2) * Math.max(0, ends - at));
}
