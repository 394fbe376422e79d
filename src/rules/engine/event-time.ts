import type { CanonicalEvent } from '../../contracts/event.js';

/** So much may the clock of a sender be ahead of ours. */
const AHEAD_MS = 10 * 60_000;

/**
 * The time by which windows, throttles and waits count an event, epoch milliseconds: the event's own. One that claims to
 * come from the future counts as of its receipt, or a few events with a wrong date would hold back everything until that
 * date.
 */
export function eventTime({ time, receivedAt }: Pick<CanonicalEvent, 'time' | 'receivedAt'>): number {
  const own = Date.parse(time);
  const received = Date.parse(receivedAt);
  return own > received + AHEAD_MS ? received : own;
}
