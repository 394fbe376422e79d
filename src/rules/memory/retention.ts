import type { Keeps } from './stateful-facts.js';

const HOUR_MS = 3_600_000;

/**
 * How long an event is kept that questions reach back to for `horizonMs`, milliseconds. So an event may come as late as
 * the horizon is long, and an hour at least, and still be answered exactly.
 */
export function retentionMs(horizonMs: number): number {
  return Math.max(2 * horizonMs, horizonMs + HOUR_MS);
}

/**
 * So many entries of a log are kept exactly. Of hashes it is twice the 512 values that `distinct` counts, because of
 * each the first and the last entry is kept.
 */
export const CAPACITY: Readonly<Record<Keeps, number>> = {
  times: 512,
  numbers: 512,
  hashes: 1024,
  values: 16,
};
