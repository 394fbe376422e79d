import { REMEMBER_MS } from '../redis/keys.js';

/** So much may the clocks of two workers differ, or the clock of one go back. */
const SKEW_MS = 3_600_000;

/** A period is kept this much longer than anybody asks for it, so that nothing depends on when exactly it goes. */
const SLACK_MS = 24 * 3_600_000;

/** Where events are remembered, and where those that were claimed within `REMEMBER_MS` are found. */
export interface SeenPeriods {
  /** The period in which a claim of now is noted. */
  readonly into: number;
  /** The others in which a claim may stand that counts. */
  readonly others: readonly number[];
  /** Milliseconds until `into` may be forgotten. */
  readonly keepMs: number;
}

/**
 * Time is cut into periods as long as events are remembered, so that this one and the one before hold all that counts.
 *
 * @param now epoch milliseconds
 */
export function periodsAt(now: number): SeenPeriods {
  const into = periodOf(now);
  const others: number[] = [];
  for (let period = periodOf(now - REMEMBER_MS); period <= periodOf(now + SKEW_MS); period += 1)
    if (period !== into) others.push(period);
  return { into, others, keepMs: (into + 2) * REMEMBER_MS + SLACK_MS - now };
}

function periodOf(time: number): number {
  return Math.floor(time / REMEMBER_MS);
}
