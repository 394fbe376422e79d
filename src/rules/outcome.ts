import type { DecisionOutcome } from '../contracts/decision.js';
import type { Effect } from '../contracts/effect.js';
import type { CanonicalEvent } from '../contracts/event.js';
import { Failure } from '../contracts/failure.js';
import type { Turn } from '../state/throttles.js';
import type { Fault, Firing } from './decide.js';
import { effectsOf, type EffectContext } from './effects.js';
import type { Rule } from './rule.js';

/** What a rule comes to on an event that met its conditions, or on which it could not be evaluated. */
export interface Outcome {
  readonly rule: Rule;
  readonly event: CanonicalEvent;
  readonly outcome: DecisionOutcome;
  readonly reason?: string;
  /** RFC 3339 in UTC. */
  readonly until?: string;
  /** For `fired` what is to be sent, for `shadow` what would be if the rule were live. */
  readonly effects: readonly Effect[];
}

/** What a firing comes to once its throttle has answered. That a rule cannot act is an outcome too. */
export function outcomeOf(firing: Firing, turn: Turn, context: EffectContext): Outcome {
  const { rule, event } = firing;
  if (!turn.granted) {
    const reason = `already fired for this ${rule.throttle?.per.join(' and ') ?? ''}`;
    const until = new Date(turn.until).toISOString();
    return { rule, event, outcome: 'throttled', reason, until, effects: [] };
  }
  try {
    const effects = effectsOf(firing, turn.heldBack, context);
    return { rule, event, outcome: rule.mode === 'shadow' ? 'shadow' : 'fired', effects };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { rule, event, outcome: 'failed', reason: error.message, effects: [] };
  }
}

export function outcomeOfFault({ rule, event, reason }: Fault): Outcome {
  return { rule, event, outcome: 'failed', reason, effects: [] };
}
