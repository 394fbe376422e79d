import type { CanonicalEvent } from './event.js';
import type { JsonObject } from './json.js';
import type { Subject } from './memory.js';

/** An event that a rule may act on later, when its batch is long gone. */
export interface Kept {
  readonly event: CanonicalEvent;
  /** The lead fact, as the conditions saw it. */
  readonly lead: JsonObject;
}

/** What `throttle` held back since the turn before. */
export interface HeldBack {
  readonly count: number;
  /** Ids of the events, the first fifty. */
  readonly events: readonly string[];
}

/**
 * Where in the flow of a rule an event stands: its conditions matched; the second part of its `then` or `unless` did;
 * or the time of an `unless` is over.
 */
export type FlowStep = 'match' | 'then' | 'unless' | 'absent';

/** A rule wants to act. What stands between that and acting is answered for it, in one step. */
export interface Passage {
  readonly ruleId: string;
  readonly ruleVersion: string;
  readonly step: FlowStep;
  readonly kept: Kept;
  /** Event time, epoch milliseconds. */
  readonly time: number;
  /** The two parts of a sequence meet under this key. */
  readonly sequence?: { readonly kind: 'then' | 'unless'; readonly key: Subject; readonly withinMs: number };
  /** Why it must not act, known beforehand (a silence, its hours, its end): it takes no turn and joins no group. */
  readonly suppressed?: boolean;
  /** It does not act while one of these has fired less than `withinMs` ago. `key` is under which that one announced it. */
  readonly inhibitors: readonly { readonly by: string; readonly key: Subject; readonly withinMs: number }[];
  readonly throttle?: { readonly key: Subject; readonly everyMs: number };
  /** Epoch milliseconds of the clock: it acts then, not now. */
  readonly notBefore?: number;
  readonly group?: { readonly key: Subject; readonly waitMs: number; readonly max: number };
  /** Other rules are inhibited while this one is active: under these keys they look. */
  readonly announces: readonly { readonly key: Subject; readonly keepMs: number }[];
}

/** What became of a passage. `until` is epoch milliseconds. */
export type Passed =
  /** It acts now. `follow` is the second event of a `then`. */
  | {
      readonly kind: 'acts';
      readonly members: readonly Kept[];
      readonly follow?: Kept;
      readonly heldBack: HeldBack;
    }
  /** The first part of a sequence matched, and now it waits for the second, or for its absence. */
  | { readonly kind: 'waiting'; readonly until: number }
  /** The second part of an `unless` came: these events' waits are over, and nothing happens. */
  | { readonly kind: 'ended'; readonly eventIds: readonly string[] }
  /** The second part of a sequence that nobody waited for. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'suppressed' }
  | { readonly kind: 'inhibited'; readonly by: string; readonly until: number }
  | { readonly kind: 'throttled'; readonly until: number }
  | { readonly kind: 'grouped'; readonly until: number }
  | { readonly kind: 'deferred'; readonly until: number };

/** Something that waited for its time, and whose time has come. */
export interface Ripe {
  readonly id: string;
  readonly ruleId: string;
  readonly cause: 'unless' | 'group' | 'deferred';
  /** One event for an absence or a deferred firing, all of them for a group. */
  readonly members: readonly Kept[];
  readonly follow?: Kept;
  readonly heldBack: HeldBack;
  /** Epoch milliseconds. */
  readonly dueAt: number;
}

/** Where flows are kept: in Redis for a worker, in a map for a trial. */
export interface FlowStore {
  /**
   * Answers every passage of a batch, in order, in one round trip. A batch that comes again is answered what it was
   * answered before, and nothing is taken twice.
   */
  pass(batch: string, passages: readonly Passage[]): Promise<readonly Passed[]>;
  /** What has become due. It is lent to the caller for a minute; what is not settled by then is lent again. */
  ripe(now: number, limit: number): Promise<readonly Ripe[]>;
  /** It was seen through, and is forgotten. */
  settle(ids: readonly string[]): Promise<void>;
  /** When the next becomes due, epoch milliseconds; undefined when nothing waits. */
  nextDue(): Promise<number | undefined>;
}
