import type { CanonicalEvent } from './event.js';
import type { JsonObject } from './json.js';
import type { LogPlace } from './memory.js';

/**
 * A state in the flow of a rule, in the hash of its owner; the field begins with `FLOW_MARK`, each kind of state has one of
 * its own. Fields that go on with `k` are taken: under those is what is kept of events.
 */
export type FlowPlace = LogPlace;

/** An event that a rule may act on later, when its batch is long gone. */
export interface Kept {
  readonly event: CanonicalEvent;
  /** The lead fact, as the conditions saw it. */
  readonly lead: JsonObject;
  /** What the rule's stateful facts came to, by the name of the condition or else of the fact. */
  readonly facts: JsonObject;
  /** The usage fact, where a text of the rule names it. */
  readonly usage?: unknown;
}

/** What `throttle` held back since the turn before. */
export interface HeldBack {
  readonly count: number;
  /** Ids of the events, the first fifty. */
  readonly events: readonly string[];
}

/** A rule that did more than its `limit` allows; from then on all that it would do is held, until a person decides. */
export interface Holding {
  /** Another one each time that the rule is held. */
  readonly id: string;
  /** What it would have done too much of: `more than 100 firings in 1h`. */
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

/**
 * Where in the flow of a rule an event stands: its conditions matched; the second part of its `then` or `unless` did;
 * it could not be judged yet; or it has waited for its time, and goes on behind the place where it waited.
 */
export type FlowStep = 'match' | 'then' | 'unless' | 'undecided' | 'absent' | 'opened' | 'gathered';

/**
 * A rule wants to act. What stands between that and acting is answered for it, in one step and in this order: the
 * sequence, inhibitors, throttle, hours, group, limit. A passage of the steps `absent`, `opened` and `gathered` goes on behind
 * what it has passed already: the sequence; the hours and all before them; everything.
 */
export interface Passage {
  readonly ruleId: string;
  readonly step: FlowStep;
  readonly kept: Kept;
  /**
   * The owner of the person whom the event is about. Whatever is kept of the event lies in the hash of that owner, and
   * elsewhere only a reference to it, so that erasing the person leaves nothing behind.
   */
  readonly lead?: string;
  /** Event time, epoch milliseconds; not of the future. */
  readonly time: number;
  /** When it was received, epoch milliseconds: waits are counted from here, so that what follows may be as late. */
  readonly receivedAt: number;
  /**
   * The two parts of a sequence meet in one place. A first part waits there; a second part takes, or for `unless` ends,
   * those first parts of other events whose time is not after its own and at most `withinMs` before it: `then` the earliest of them,
   * `unless` all of them. The event itself is never its own second part.
   */
  readonly sequence?: {
    readonly kind: 'then' | 'unless';
    readonly place: FlowPlace;
    readonly withinMs: number;
  };
  /**
   * Why it must not act is known beforehand (a silence, its end): a second part ends its sequence all the same, a first
   * part does not wait, and no more is asked.
   */
  readonly suppressed: boolean;
  /** It does not act when one of these has announced itself there less than `withinMs` of event time ago. */
  readonly inhibitors: readonly {
    readonly by: string;
    readonly place: FlowPlace;
    readonly withinMs: number;
  }[];
  /** The turn is that of the event that acts, so of a `then` that of the first; it counts at `time`. */
  readonly throttle?: { readonly place: FlowPlace; readonly everyMs: number };
  /** Epoch milliseconds of the clock: it acts then, not now. Its throttle has had its turn by then. */
  readonly notBefore?: { readonly place: FlowPlace; readonly at: number };
  readonly group?: { readonly place: FlowPlace; readonly waitMs: number; readonly max: number };
  /**
   * It is held when it, or others of its rule within the time, would go beyond one of the bounds. Goes by the clock. What
   * is held does not count, and is announced to nobody.
   */
  readonly limit?: {
    readonly withinMs: number;
    readonly bounds: readonly Bound[];
    /** Owners of those whom it is about; whoever it acts together with is known to the store. */
    readonly people: readonly string[];
  };
  /** When it acts: other rules are inhibited by it and look here. It counts at `time`. */
  readonly announces: readonly { readonly place: FlowPlace; readonly keepMs: number }[];
  /** For an `undecided` one: where it waits to be judged again, and until when. */
  readonly again?: { readonly place: FlowPlace; readonly at: number };
  /** Of `absent`, `opened` and `gathered`: with what it waited, as `Ripe` told it. */
  readonly waited?: Pick<Ripe, 'members' | 'follow' | 'heldBack'>;
}

/** The most that a rule may do within a time. */
export interface Bound {
  readonly counts: 'firings' | 'leads';
  readonly most: number;
  /** What it is to go beyond it: `more than 100 firings in 1h`. */
  readonly reason: string;
}

/** What became of a passage. `until` is epoch milliseconds. */
export type Passed =
  /** It acts now, for all of these. `follow` is the second event of a `then`. */
  | {
      readonly kind: 'acts';
      readonly members: readonly Kept[];
      readonly follow?: Kept;
      readonly heldBack: HeldBack;
      /** It does so only when a person releases it. `began`: the rule is held from this firing on. */
      readonly held?: Holding & { readonly began?: true };
    }
  /** The first part of a sequence waits for the second, or for its absence; or an event waits to be judged again. */
  | { readonly kind: 'waiting'; readonly until: number }
  /** The second part of an `unless` came: the waits of these first events are over, and nothing happens. */
  | { readonly kind: 'ended'; readonly eventIds: readonly string[] }
  /**
   * The second part of a sequence for which nobody waited; or nobody may wait, because nothing is kept of a person who
   * was erased; or the batch is a wait that another worker has seen through.
   */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'suppressed' }
  /** So many events wait in the place already that this one does not. */
  | { readonly kind: 'crowded' }
  | { readonly kind: 'inhibited'; readonly by: string; readonly until: number }
  | { readonly kind: 'throttled'; readonly until: number }
  | { readonly kind: 'grouped'; readonly until: number }
  | { readonly kind: 'deferred'; readonly until: number };

/** Something that waited for its time, and whose time has come. */
export interface Ripe {
  /** The same however often it is told; another for every wait. */
  readonly id: string;
  readonly ruleId: string;
  /** The step in which it goes on; `undecided`: it is to be judged again. */
  readonly step: 'absent' | 'opened' | 'gathered' | 'undecided';
  /** One event, or all of a group in the order in which they came. */
  readonly members: readonly Kept[];
  readonly follow?: Kept;
  readonly heldBack: HeldBack;
  /** Epoch milliseconds. */
  readonly dueAt: number;
}

/** Where flows are kept: in Redis for a worker, in maps for a trial. */
export interface FlowStore {
  /**
   * Answers every passage of a batch, in order, in one round trip. A passage (rule, event, step) of a batch that comes
   * again is answered what it was answered before, and nothing is taken twice. `now`: epoch milliseconds.
   */
  pass(batch: string, passages: readonly Passage[], now: number): Promise<readonly Passed[]>;
  /**
   * What is due, the longest due first. It is lent to the caller for a minute; what is not settled is lent again. Once it
   * was lent, a group takes no more members and an absence is a fact: who follows now comes too late.
   */
  ripe(now: number, limit: number): Promise<readonly Ripe[]>;
  /** These were seen through and are forgotten, with what the batch `ripe.id` was answered. */
  settle(ripe: readonly Ripe[]): Promise<void>;
  /** When the next becomes due, epoch milliseconds; undefined when nothing waits. */
  nextDue(): Promise<number | undefined>;
}
