import { ACTION_SCHEMAS } from '../../actions/action-schemas.js';
import { OWN_SOURCE } from '../../contracts/batch.js';
import type { Destination } from '../../contracts/connections.js';
import type { CanonicalEvent } from '../../contracts/event.js';
import type { Destinations } from '../destinations.js';
import type { RuleSet } from '../engine/rule-set.js';

/** A connection of the right kind for every name that rules use; only its kind and instance are ever looked at. */
export function assumedDestinations(ruleSet: RuleSet, { munchkinId = '' }: CanonicalEvent): Destinations {
  const actions = ruleSet.all.flatMap(({ rule }) => rule.actions);
  const entries = actions.flatMap(({ type, params }) => {
    const kind = ACTION_SCHEMAS.get(type)?.destination;
    if (kind === OWN_SOURCE) return [];
    const name = typeof params['to'] === 'string' ? params['to'] : 'marketo';
    return [[name, { kind, munchkinId } as Destination] as const];
  });
  return Object.fromEntries(entries);
}
