/**
 * What the next request meets at a target. `hang`: it is taken and never answered. `reset`: it is taken and the
 * connection is lost. `cut`: the connection is lost in the middle of a good answer. `error`: the target failed (500).
 * `slow-down`: it asks to come back in `RETRY_AFTER_SECONDS` (429). `refuse`: it will never take this request.
 */
export type TargetFault = 'hang' | 'reset' | 'cut' | 'error' | 'slow-down' | 'refuse';

export const RETRY_AFTER_SECONDS = 7;

/** A request that took effect at the target. */
export interface TakenRequest {
  /** All of it, as text: what was called, headers, body. */
  readonly text: string;
  /** What the target recognises a repeat by; the suite looks for the id of the effect in `text` unless given. */
  readonly key?: string;
}

/** The far end of a kind of action, as the suite drives it: a stand-in that speaks the protocol over real sockets. */
export interface ConformanceTarget<Connection> {
  readonly connection: Connection;
  /** The same, at an address where nobody listens. */
  readonly nowhere: Connection;
  /** What is secret in `connection`. */
  readonly secrets: readonly string[];
  /** How long an attempt is given when the target hangs, milliseconds; 700 unless given. */
  readonly patienceMs?: number;
  fail(fault: TargetFault): void;
  /** Forgets what it took and the faults that are still to come. */
  clear(): void;
  /** What took effect since, oldest first. */
  taken(): readonly TakenRequest[];
  /** What a text that somebody typed into a form did there and should not have; undefined when all is well. */
  harm?(): string | undefined;
  /** Checks that do not apply to the kind, by name, and why. */
  readonly exempt?: Readonly<Partial<Record<CheckName, string>>>;
}

export const CHECK_NAMES = [
  'is described, and its example fits',
  'sends an effect once, whole',
  'tells what it sent and what it was answered',
  'sends nothing when its time is up before it began',
  'tries again, and claims nothing, when nobody listens',
  'gives up in time on a target that hangs, and does not know the outcome',
  'does not know the outcome when the connection is lost',
  'is sure of nothing that an answer cut in its middle does not say',
  'tries again when the target failed',
  'comes back when the target asks it to',
  'gives up, with a sentence, what the target refuses for good',
  'makes repeats that the target recognises',
  'does no harm with texts that others wrote',
  'keeps the secrets of its connection',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];
