import type { Effect } from './effect.js';
import type { Holding } from './flow.js';

/** An effect that is held, and the leads for whom it is: `123-ABC-456/7`. */
export interface HeldEffect {
  readonly effect: Effect;
  readonly leads: readonly string[];
}

/** A firing that is held. */
export interface HeldFiring {
  readonly ruleId: string;
  readonly holding: Holding;
  /** The rule is held from this firing on. */
  readonly began: boolean;
  readonly effects: readonly HeldEffect[];
}

/** A rule that is held. */
export interface HeldRule extends Holding {
  readonly ruleId: string;
}

/** What a person decided about effects that were held. */
export interface HeldDecision extends HeldRule {
  readonly decision: 'release' | 'discard';
  /** How many effects it was about when it was made. */
  readonly effects: number;
  /** `cli:<user>`, or the id of an API key. */
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** How many effects are held of one kind. */
export interface HeldKind {
  readonly type: string;
  readonly to: string;
  readonly effects: number;
}

/** A held rule as people see it. */
export interface HeldReport {
  readonly ruleId: string;
  readonly reason: string;
  /** RFC 3339 in UTC. */
  readonly since: string;
  readonly effects: number;
  /** How many different leads they are for. */
  readonly leads: number;
  /** The most first. */
  readonly kinds: readonly HeldKind[];
  /** The first few. */
  readonly samples: readonly HeldSample[];
}

export interface HeldSample {
  readonly effectId: string;
  readonly type: string;
  readonly to: string;
  readonly leads: readonly string[];
  /** What it would do, cut to a line. */
  readonly text: string;
}
