/** How often something may happen: `burst` times at once, and then once every `everyMs`. */
export interface Pace {
  readonly everyMs: number;
  readonly burst: number;
}

/** A pace that is kept for part of a destination, such as one channel or one recipient, over all processes. */
export interface KeyedPace extends Pace {
  /** The same for everything that shares the pace; unique within its destination. */
  readonly key: string;
}

/** What its connection says of the lane of a destination. What is left out follows from its kind. */
export interface LaneSettings {
  readonly pace?: Pace;
  /** Attempts under way at once, over all processes. */
  readonly atOnce?: number;
}

/**
 * Whether a destination is sent to. `open`: it failed again and again and is left alone until `until`; then one attempt
 * shows whether it is well (`half-open`). `disabled`: it asked to be left alone, so a person has to resume it.
 */
export type BreakerState = 'closed' | 'open' | 'half-open' | 'disabled';

/** What a person decided about a lane. */
export interface LanePause {
  /** `cli:<user>`, or the id of an API key. */
  readonly by: string;
  readonly reason: string;
  /** RFC 3339 in UTC. */
  readonly since: string;
}

/** A lane as people see it. Counts are of effects. */
export interface LaneReport {
  readonly name: string;
  /** The kind of its destination; undefined when it is not configured any more. */
  readonly kind?: string;
  readonly waiting: number;
  readonly underWay: number;
  /** Wait for their next try. */
  readonly delayed: number;
  readonly dead: number;
  readonly paused?: LanePause;
  readonly breaker: BreakerState;
  /** Since when its breaker is not closed, or it asks to be left alone again and again, epoch milliseconds. */
  readonly since?: number;
  /** Until when the breaker, a `Retry-After` or the pace holds it, epoch milliseconds; undefined where a person decides. */
  readonly heldUntil?: number;
  /** How the last attempt that failed because of the destination ended: `code: sentence`. */
  readonly lastFailure?: string;
}
