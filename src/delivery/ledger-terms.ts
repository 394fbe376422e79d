import type { AttemptRecord } from '../contracts/attempt.js';
import type { Receipt } from '../contracts/effect.js';
import type { JsonObject } from '../contracts/json.js';
import type { KeyedPace, Pace } from '../contracts/lane.js';
import type { LaneSign } from './gate/lane-sign.js';

/** An attempt that wants to begin. */
export interface Entrant {
  /** Its own, so that it can be told apart from every other. */
  readonly token: string;
  /** Longer than the attempt can take: after it, the attempt counts as interrupted. */
  readonly leaseMs: number;
  /** The pace of the lane. */
  readonly pace?: Pace | undefined;
  /** Paces of parts of the destination. */
  readonly paces?: readonly KeyedPace[];
}

/** Whether an attempt may begin. `until` is epoch milliseconds. */
export type Claim =
  /** `interrupted`: an earlier attempt may have reached the target. */
  | { readonly verdict: 'go' | 'interrupted'; readonly plan?: JsonObject }
  /** `busy`: another attempt is under way. `turn`: it is not its turn, which it has then. */
  | { readonly verdict: 'busy' | 'turn'; readonly until: number }
  /** Nothing may go to this destination before then. */
  | { readonly verdict: 'lane'; readonly until: number; readonly why: LaneHold }
  /** A person has to release it, or it is over. */
  | { readonly verdict: 'held' | 'done' | 'skipped' | 'unknown' | 'suppressed' | 'undone' };

/** Why a lane is held: by a person, its breaker, what the destination `asked` for, or its pace. */
export type LaneHold = 'paused' | 'open' | 'half-open' | 'disabled' | 'asked' | 'pace';

/**
 * How an attempt ended. May be tried again: `waiting`, known not to have reached the target; `uncertain`, it may have.
 * Over: `done`; `skipped`, the target had it so already; `unknown`, it may have reached the target and is not repeated;
 * `failed`, until a person replays it.
 */
export type Settlement = 'done' | 'skipped' | 'unknown' | 'failed' | 'waiting' | 'uncertain';

export interface Ending {
  readonly state: Settlement;
  /** `code: sentence` of its failure, or what the target said. */
  readonly reason: string;
  readonly sign: LaneSign;
  /** Undefined when nothing was attempted. */
  readonly record?: AttemptRecord;
  readonly receipt?: Receipt;
}

/** What an ending changed of the breaker of its lane. */
export type LaneChange = 'opened' | 'closed' | 'disabled';
