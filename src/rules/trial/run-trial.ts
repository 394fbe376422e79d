import { ACTION_SCHEMAS } from '../../actions/action-schemas.js';
import type { Destination } from '../../contracts/connections.js';
import type { DecisionOutcome } from '../../contracts/decision.js';
import type { Effect } from '../../contracts/effect.js';
import type { CanonicalEvent } from '../../contracts/event.js';
import { Failure } from '../../contracts/failure.js';
import type { Turn } from '../../state/throttles.js';
import { decide, type Firing } from '../decide.js';
import type { Destinations } from '../destinations.js';
import { effectsOf } from '../effects.js';
import type { GivenFacts } from '../engine/facts.js';
import type { RuleSet } from '../engine/rule-set.js';
import type { Rule } from '../rule.js';
import { TrialThrottles } from './trial-throttles.js';

export interface TrialOptions {
  /** Facts that take the place of what the events carry. */
  readonly given?: GivenFacts | undefined;
  /** Unless given, every connection that a rule names is taken to exist. */
  readonly destinations?: Destinations | undefined;
}

/** What a rule whose conditions an event met would do. */
export interface TrialOutcome {
  readonly rule: Rule;
  readonly event: CanonicalEvent;
  readonly outcome: DecisionOutcome;
  readonly reason?: string;
  /** RFC 3339 in UTC. */
  readonly until?: string;
  /** For `fired` what would be sent, for `shadow` what would be if the rule were live. */
  readonly effects: readonly Effect[];
}

/**
 * What these events would do, one after the other, without doing it: the worker's own deciding and rendering, with
 * throttles in memory that start empty and go by the events' times.
 */
export function runTrial(
  ruleSet: RuleSet,
  events: readonly CanonicalEvent[],
  { given, destinations }: TrialOptions = {},
): TrialOutcome[] {
  const throttles = new TrialThrottles();
  const sent = new Set<string>();
  const { firings, faults } = decide(ruleSet, events, given);
  const outcomes = firings.map((firing): TrialOutcome => {
    const { rule, event } = firing;
    const turn = throttles.claim(rule, event);
    if (!turn.granted) {
      const until = new Date(turn.until).toISOString();
      return { rule, event, outcome: 'throttled', until, effects: [] };
    }
    return withEffects(firing, turn, destinations ?? assumedDestinations(rule, event));
  });
  const failed = faults.map(({ rule, event, reason }): TrialOutcome => ({
    rule,
    event,
    outcome: 'failed',
    reason,
    effects: [],
  }));
  // An effect that a repeated event asks for once more is recognised by its id, as it would be in earnest.
  return [...outcomes, ...failed].map((outcome) => ({
    ...outcome,
    effects: outcome.effects.filter(({ id }) => !sent.has(id) && sent.add(id)),
  }));
}

function withEffects(
  firing: Firing,
  turn: Turn & { granted: true },
  destinations: Destinations,
): TrialOutcome {
  const { rule, event } = firing;
  try {
    const effects = effectsOf(firing, turn.heldBack, { destinations, decidedAt: event.time });
    return { rule, event, outcome: rule.mode === 'shadow' ? 'shadow' : 'fired', effects };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { rule, event, outcome: 'failed', reason: error.message, effects: [] };
  }
}

/** A connection of the right kind for every name that the rule uses; only its kind and instance are ever looked at. */
function assumedDestinations(rule: Rule, { munchkinId = '' }: CanonicalEvent): Destinations {
  const entries = rule.actions.map(({ type, params }) => {
    const kind = ACTION_SCHEMAS.get(type)?.destination;
    const name = typeof params['to'] === 'string' ? params['to'] : 'marketo';
    return [name, { kind, munchkinId } as Destination] as const;
  });
  return Object.fromEntries(entries);
}
