import type { MarketoDestination } from '../../contracts/connections.js';
import type { Priority } from '../../contracts/effect.js';

const PER_WINDOW = 50;
const AT_ONCE = 5;
const RESERVE_PERCENT = 5;
const LOOK_UPS_PER_DAY = 5_000;

/** What calls of a priority may take of the window and of the places; the rest is free for those that come before them. */
const SHARE_PERCENT: Readonly<Record<Priority, number>> = { high: 100, normal: 80, low: 50 };
/** Up to which share of the day's calls, whoever makes them, calls of a priority are made. */
const DAY_PERCENT: Readonly<Record<Priority, number>> = { high: 100, normal: 88, low: 75 };

/** What a call may meet of an instance. Counts are of calls. */
export interface CallLimits {
  readonly perWindow: number;
  readonly atOnce: number;
  /** Of the two above, in percent. */
  readonly share: number;
  /** None is made from so many calls of all on this day; undefined when nobody told how many there are. */
  readonly day: number | undefined;
}

export function callLimits({ calls, dailyCalls }: MarketoDestination, priority: Priority): CallLimits {
  const { perWindow = PER_WINDOW, atOnce = AT_ONCE, reservePercent = RESERVE_PERCENT } = calls ?? {};
  const dayPercent = Math.min(DAY_PERCENT[priority], 100 - reservePercent);
  return {
    perWindow,
    atOnce,
    share: SHARE_PERCENT[priority],
    day: dailyCalls === undefined ? undefined : Math.floor((dailyCalls * dayPercent) / 100),
  };
}

/** How many calls a day looking up may take. */
export function lookUpsPerDay({ lookUps }: MarketoDestination): number {
  return lookUps?.perDay ?? LOOK_UPS_PER_DAY;
}
