/** Hears that the breaker of a destination has changed. A worker that dies in between may leave it untold. */
export interface LaneNews {
  changed(destination: string): Promise<void>;
}

export const LANE_NEWS = Symbol('LaneNews');
