import type { Hour } from '../contracts/completeness.js';

const HOUR_MS = 3_600_000;
const SHORTEST_MS = 3 * HOUR_MS;
const HISTORY_MS = 48 * HOUR_MS;

/** A week holds a weekend, so that its quiet hours are among those that are learned from. */
export const LEARNED_FROM_MS = 7 * 24 * HOUR_MS;

/** How long a stream may be silent. */
export interface Expectation {
  readonly everyMs: number;
  /** From its own past; otherwise the connections file says so. */
  readonly learned: boolean;
}

/**
 * The longest pause of a stream's past, with two hours on top: two events in hours that have n empty ones between them
 * may be n + 2 hours apart. Never less than three hours, and nothing of a past shorter than two days.
 * @param spoken the hours in which something happened, in their order.
 */
export function learnedEvery(spoken: readonly Hour[]): number | undefined {
  const times = spoken.map((hour) => Date.parse(`${hour}:00:00Z`));
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined || last - first < HISTORY_MS) return undefined;
  const pauses = times.slice(1).map((time, index) => time - (times[index] ?? time) - HOUR_MS);
  return Math.max(SHORTEST_MS, Math.max(...pauses) + 2 * HOUR_MS);
}
