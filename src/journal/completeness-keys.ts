import type { Hour } from '../contracts/completeness.js';
import { QUEUE_PREFIX } from '../redis/keys.js';

/** Source, stream and epoch milliseconds of what came last. */
export const HEARD_KEY = `${QUEUE_PREFIX}:heard`;

/** `<source>|<stream>|<count>` → how many, for events that happened in the hour. */
export function ledgerKey(hour: Hour): string {
  return `${QUEUE_PREFIX}:ledger:${hour}`;
}

/** `<source>|accepted` and `<source>|seen` → request bodies that were received in the hour. */
export function deliveriesKey(hour: Hour): string {
  return `${QUEUE_PREFIX}:deliveries:${hour}`;
}

/** Counters of one catch-up or import. */
export function runKey(run: string): string {
  return `${QUEUE_PREFIX}:run:${run}`;
}

/** The names of sources, streams and counts have no bar in them. */
export function field(...parts: readonly string[]): string {
  return parts.join('|');
}
