import { Injectable } from '@nestjs/common';
import { postponed } from '../contracts/failure.js';

/** A quarter of the worker's concurrency: four destinations must hang before others have to wait. */
const AT_ONCE = 16;
const ASK_AGAIN_MS = 500;
/** Between two that come again: a backlog of any length costs 500 looks a second, and nobody waits behind it. */
const APART_MS = 2;

/**
 * Keeps one slow destination from taking every place of this worker: so many attempts at once, the others come again
 * shortly and let effects for other destinations pass.
 */
@Injectable()
export class Bulkhead {
  private readonly underWay = new Map<string, number>();
  /** When the last one that was sent away from a destination comes again. Epoch milliseconds. */
  private readonly lastReturn = new Map<string, number>();

  /** Throws a `Failure` that names when to come again while the destination has all its places taken. */
  async during<T>(destination: string, act: () => Promise<T>): Promise<T> {
    const count = this.underWay.get(destination) ?? 0;
    if (count >= AT_ONCE) {
      const message = `${AT_ONCE} effects are under way to ${destination}.`;
      throw postponed('destination.crowded', message, this.comeAgain(destination));
    }
    this.underWay.set(destination, count + 1);
    try {
      return await act();
    } finally {
      const left = (this.underWay.get(destination) ?? 1) - 1;
      if (left > 0) this.underWay.set(destination, left);
      else this.underWay.delete(destination);
    }
  }

  /** One after the other, also when thousands are sent away in the same moment. */
  private comeAgain(destination: string): number {
    const last = this.lastReturn.get(destination) ?? 0;
    const at = Math.max(Date.now() + ASK_AGAIN_MS, last + APART_MS);
    this.lastReturn.set(destination, at);
    return at;
  }
}
