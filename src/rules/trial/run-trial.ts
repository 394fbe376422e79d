import { ACTION_SCHEMAS } from '../../actions/action-schemas.js';
import type { Destination } from '../../contracts/connections.js';
import type { CanonicalEvent } from '../../contracts/event.js';
import { decide } from '../decide.js';
import type { Destinations } from '../destinations.js';
import type { GivenFacts } from '../engine/facts.js';
import type { RuleSet } from '../engine/rule-set.js';
import { outcomeOf, outcomeOfFault, type Outcome } from '../outcome.js';
import type { Rule } from '../rule.js';
import { TrialThrottles } from './trial-throttles.js';

/**
 * What these events would do, one after the other, without doing it: the worker's own deciding and rendering, with
 * throttles in memory that start empty and go by the events' times. Every connection that a rule names is taken to exist.
 *
 * @param given facts that take the place of what the events carry
 */
export function runTrial(ruleSet: RuleSet, events: readonly CanonicalEvent[], given?: GivenFacts): Outcome[] {
  const throttles = new TrialThrottles();
  const sent = new Set<string>();
  const { firings, faults } = decide(ruleSet, events, given);
  const outcomes = firings.map((firing) => {
    const { rule, event } = firing;
    const context = { destinations: assumedDestinations(rule, event), decidedAt: event.time };
    return outcomeOf(firing, throttles.claim(rule, event), context);
  });
  // An effect that a repeated event asks for once more is recognised by its id, as it would be in earnest.
  return [...outcomes, ...faults.map(outcomeOfFault)].map((outcome) => ({
    ...outcome,
    effects: outcome.effects.filter(({ id }) => !sent.has(id) && sent.add(id)),
  }));
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
