import type { MarketoDestination } from '../../contracts/connections.js';
import type { Priority } from '../../contracts/effect.js';
import { Failure } from '../../contracts/failure.js';
import { callLimits, lookUpsPerDay } from './call-limits.js';

/** Why there is no call now. */
export type Obstacle =
  /** Marketo said that there were too many within its window. */
  | 'paused'
  /** Marketo said that the calls of the day are used up. */
  | 'used-up'
  | 'look-ups'
  | 'day'
  | 'window'
  | 'places';

/** Until when the whole lane is held at most, so that a limit that somebody raises is noticed. */
const LONGEST_HOLD_MS = 15 * 60_000;

/**
 * What it means for who wanted the call. Nothing else is sent either where nothing else may go, whatever its priority.
 * `until` and `now` are epoch milliseconds.
 */
export function heldBack(
  instance: MarketoDestination,
  priority: Priority,
  { obstacle, until }: { readonly obstacle: Obstacle; readonly until: number },
  now: number,
): Failure {
  const forAll =
    obstacle === 'paused' || obstacle === 'used-up' || (obstacle === 'day' && priority === 'high');
  return new Failure(sentence(instance, priority, obstacle), {
    code: `marketo.budget.${obstacle}`,
    retry: forAll
      ? { kind: 'lane', at: Math.min(until, now + LONGEST_HOLD_MS) }
      : { kind: 'at', at: Math.max(until, now) },
    postponed: true,
  });
}

function sentence(instance: MarketoDestination, priority: Priority, obstacle: Obstacle): string {
  const { munchkinId, dailyCalls = 0 } = instance;
  const { perWindow, atOnce, share, day = 0 } = callLimits(instance, priority);
  const part = (limit: number) => Math.max(1, Math.floor((limit * share) / 100));
  switch (obstacle) {
    case 'paused':
      return `Marketo instance ${munchkinId} had too many calls within its window`;
    case 'used-up':
      return `Marketo says that the calls of the day of ${munchkinId} are used up`;
    case 'look-ups':
      return `The ${lookUpsPerDay(instance)} calls a day that looking up leads of ${munchkinId} may take are used up`;
    case 'day':
      return `${day} of the ${dailyCalls} calls a day of ${munchkinId} are used: none of ${priority} priority is made above that`;
    case 'window':
      return `${part(perWindow)} calls of ${munchkinId} within 20 seconds are the most for ${priority} priority`;
    case 'places':
      return `${part(atOnce)} calls of ${munchkinId} at once are the most for ${priority} priority`;
  }
}
