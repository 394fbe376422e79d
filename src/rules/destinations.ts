import type { ActionTarget } from '../contracts/action-kind.js';
import { OWN_SOURCE } from '../contracts/batch.js';
import type { Connections, DestinationKind } from '../contracts/connections.js';
import type { CanonicalEvent } from '../contracts/event.js';

export type Destinations = Connections['destinations'];

type Choice = { readonly name: string } | { readonly name: undefined; readonly reason: string };

/** All that rules are checked against: which names there are, and of which kind. */
export function destinationKinds(destinations: Destinations): Record<string, DestinationKind> {
  return Object.fromEntries(Object.entries(destinations).map(([name, { kind }]) => [name, kind]));
}

/**
 * The connection that an action goes to: the one it names, or for Marketo the instance that the event came from, so
 * that a rule copied from a sandbox instance can never write to the production one.
 * @returns undefined when there is none; `reason` is then one sentence for a person.
 */
export function chooseDestination(
  to: string | undefined,
  kind: ActionTarget,
  event: CanonicalEvent,
  destinations: Destinations,
): Choice {
  if (kind === OWN_SOURCE) return { name: OWN_SOURCE };
  if (to !== undefined) {
    const named = Object.hasOwn(destinations, to) ? destinations[to] : undefined;
    if (named?.kind === kind) return { name: to };
    return { name: undefined, reason: `There is no ${kind} connection named "${to}".` };
  }
  const ofKind = Object.entries(destinations).filter(([, destination]) => destination.kind === kind);
  const instance = event.munchkinId;
  const fitting = ofKind.filter(
    ([, destination]) =>
      destination.kind !== 'marketo' || instance === undefined || destination.munchkinId === instance,
  );
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return { name: only[0] };
  const which = instance === undefined ? '' : ` for the instance ${instance}`;
  const found = others.length > 0 ? 'more than one' : 'no';
  return {
    name: undefined,
    reason: `There is ${found} ${kind} connection${which}; name one in the action's "to".`,
  };
}
