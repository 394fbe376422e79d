const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Between the attempts at an effect: quick at first, and three days in all, so that a weekend is no loss. */
export const RETRY_PAUSES_MS: readonly number[] = [
  ...[1 * SECOND, 5 * SECOND, 30 * SECOND],
  ...[2 * MINUTE, 10 * MINUTE, 30 * MINUTE],
  ...[1 * HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, 12 * HOUR, 12 * HOUR, 18 * HOUR],
];

/** How much a pause is longer or shorter at most, so that what failed together does not come again together. */
export const RETRY_JITTER = 0.2;

/** Milliseconds to wait after that many attempts, from 1. `random`: from 0 to below 1. */
export function retryPause(attemptsMade: number, random = Math.random()): number {
  const pause = RETRY_PAUSES_MS[Math.min(attemptsMade, RETRY_PAUSES_MS.length) - 1] ?? 0;
  return Math.round(pause * (1 - RETRY_JITTER + 2 * RETRY_JITTER * random));
}
