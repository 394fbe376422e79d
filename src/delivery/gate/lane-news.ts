import type { LaneChange } from '../ledger-terms.js';

/** Hears what changes of the breaker of a destination. A worker that dies in between may leave it untold. */
export interface LaneNews {
  changed(destination: string, change: LaneChange): Promise<void>;
}

export const LANE_NEWS = Symbol('LaneNews');
