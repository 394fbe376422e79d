import type { LaneChange } from '../ledger-terms.js';

/** Hears what changes of the breaker of a destination. A worker that dies in between may leave it untold. */
export interface LaneNews {
  /** `reason`: how the attempt ended that changed it, `code: sentence` or what the target said. */
  changed(destination: string, change: LaneChange, reason: string): Promise<void>;
}

export const LANE_NEWS = Symbol('LaneNews');
