import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long is worked on rules before waiting traffic is let through, milliseconds. */
const SLICE_MS = 5;

/** Work in slices, between which whatever else waits has its turn. */
export class Slices {
  private end = performance.now() + SLICE_MS;

  get isOver(): boolean {
    return performance.now() >= this.end;
  }

  async next(): Promise<void> {
    await nextTurn();
    this.end = performance.now() + SLICE_MS;
  }
}
