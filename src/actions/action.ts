import type { Destination, OwnDestination } from '../contracts/connections.js';
import type { Effect, Receipt } from '../contracts/effect.js';
import type { JsonObject } from '../contracts/json.js';
import type { KeyedPace } from '../contracts/lane.js';
import type { Trace } from '../contracts/attempt.js';

/** What an effect goes to. */
type Target = Destination | OwnDestination;

/** One attempt at one effect. */
export interface Attempt<D extends Target = Target> {
  readonly effect: Effect;
  readonly destination: D;
  /** Aborts when the attempt's time is up. */
  readonly signal: AbortSignal;
  /** To be told what is sent and answered, for the ledger. */
  readonly trace: Trace;
  /** What `plan` returned the first time; the same object on every later attempt. */
  readonly plan?: JsonObject;
}

/**
 * The hands: how one kind of effect is sent, once. Knows no queue and does no retry; throws a `Failure` whose
 * `retry` says what may be done about it.
 */
export interface Action<D extends Target = Target> {
  readonly type: string;
  /** True when the target recognises a repeat, so that sending again after an unknown outcome adds nothing. */
  readonly repeatable: boolean;
  /** Longest time of one attempt, milliseconds. */
  readonly timeoutMs: number;
  /**
   * Effects with the same key must not be under way at once (two score changes of one lead). Undefined: no such key.
   */
  exclusiveKey?(effect: Effect): string | undefined;
  /** Paces that the effect keeps beside that of its destination: one channel, one recipient. */
  paces?(effect: Effect, destination: D): readonly KeyedPace[];
  /** Reads what the write depends on. Its answer is stored before `send`, which makes the write repeatable. */
  plan?(attempt: Attempt<D>): Promise<JsonObject>;
  send(attempt: Attempt<D>): Promise<Receipt>;
}
