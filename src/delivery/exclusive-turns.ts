import { Injectable } from '@nestjs/common';
import type { Effect } from '../contracts/effect.js';
import { Failure, postponed } from '../contracts/failure.js';
import { RETRY_JITTER, RETRY_PAUSES_MS } from '../queues/retry-schedule.js';
import { Locks } from '../state/locks.js';

const ASK_AGAIN_MS = 500;

const HOUR_MS = 3_600_000;

/** How long an effect that may have reached its target keeps its turn after an attempt. */
const UNCERTAIN_MS = HOUR_MS;

/** A plan is written as it was made, over what others have written since: longer than any pause between the attempts. */
const PLANNED_MS = Math.max(...RETRY_PAUSES_MS) * (1 + RETRY_JITTER) + HOUR_MS;

interface Turn {
  readonly effect: Effect;
  /** Undefined: this effect takes no turns. */
  readonly key: string | undefined;
  readonly leaseMs: number;
  /** An earlier attempt at this effect may have reached its target. */
  readonly uncertain: boolean;
  /** Its write follows from what was read before the first attempt. */
  readonly planned?: boolean;
}

/**
 * Effects that must not be under way at once take turns. An effect that may have reached its target keeps its turn
 * until it is known: what others would read in between might be the old value or the new one.
 */
@Injectable()
export class ExclusiveTurns {
  constructor(private readonly locks: Locks) {}

  /**
   * To be called by the one worker that has claimed the effect. Throws a `Failure` that names when to ask again while
   * another effect has the turn.
   */
  async during<T>(
    { effect, key, leaseMs, uncertain, planned = false }: Turn,
    act: () => Promise<T>,
  ): Promise<T> {
    if (key === undefined) return await act();
    if (!(await this.locks.acquire(key, effect.id, leaseMs))) {
      throw postponed(
        'effect.exclusive',
        `Another effect on ${key} is under way.`,
        Date.now() + ASK_AGAIN_MS,
      );
    }
    let open = uncertain;
    try {
      const result = await act();
      open = false;
      return result;
    } catch (error) {
      open ||= !(error instanceof Failure) || error.outcomeUnknown;
      throw error;
    } finally {
      if (open) await this.locks.acquire(key, effect.id, planned ? PLANNED_MS : UNCERTAIN_MS);
      else await this.locks.release(key, effect.id);
    }
  }
}
