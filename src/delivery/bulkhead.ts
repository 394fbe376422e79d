import { Injectable } from '@nestjs/common';
import { postponed } from '../contracts/failure.js';

/** Three quarters of the worker's concurrency: one destination that begins to hang leaves places for others. */
const AT_ONCE = 48;
/** A quarter of it: four destinations must hang before others have to wait. */
const WHILE_SLOW = 16;
const SLOW_MS = 1_000;
const ASK_AGAIN_MS = 500;
/** Between two that come again: a backlog of any length costs 500 looks a second, and nobody waits behind it. */
const APART_MS = 2;

class Lane {
  /** When each attempt under way began, oldest first. */
  readonly underWay = new Set<{ readonly began: number }>();
  /** Whether the last attempt that ended took long. */
  slow = false;
  /** When the last one that was sent away comes again. Epoch milliseconds. */
  lastReturn = 0;

  isFull(now: number): boolean {
    const [oldest] = this.underWay;
    const slow = this.slow || now - (oldest?.began ?? now) > SLOW_MS;
    return this.underWay.size >= (slow ? WHILE_SLOW : AT_ONCE);
  }

  /** One after the other, also when thousands are sent away in the same moment. */
  comeAgain(now: number): number {
    this.lastReturn = Math.max(now + ASK_AGAIN_MS, this.lastReturn + APART_MS);
    return this.lastReturn;
  }
}

/**
 * Keeps one slow destination from taking every place of this worker: so many attempts at once, the others come again
 * shortly and let effects for other destinations pass. A quick one has more places, since it holds nobody up.
 */
@Injectable()
export class Bulkhead {
  /** Effects name only destinations of the connections file, so the map stays small. */
  private readonly lanes = new Map<string, Lane>();

  /** Throws a `Failure` that names when to come again while the destination has all its places taken. */
  async during<T>(destination: string, act: () => Promise<T>): Promise<T> {
    const lane = this.lanes.get(destination) ?? new Lane();
    this.lanes.set(destination, lane);
    const now = Date.now();
    if (lane.isFull(now)) {
      const message = `${lane.underWay.size} effects are under way to ${destination}.`;
      throw postponed('destination.crowded', message, lane.comeAgain(now));
    }
    const attempt = { began: now };
    lane.underWay.add(attempt);
    try {
      return await act();
    } finally {
      lane.underWay.delete(attempt);
      lane.slow = Date.now() - attempt.began > SLOW_MS;
    }
  }
}
