import { REMEMBER_MS } from '../redis/keys.js';

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
 * The one after is asked for the sake of a worker whose clock is behind, or who stood still with the question in hand.
 *
 * @param now epoch milliseconds
 */
export function periodsAt(now: number): SeenPeriods {
  const into = Math.floor(now / REMEMBER_MS);
  return { into, others: [into - 1, into + 1], keepMs: (into + 2) * REMEMBER_MS + SLACK_MS - now };
}
