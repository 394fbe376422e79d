import type { Destination, DestinationKind } from '../contracts/connections.js';

/** What the sandbox can be told to do, by the name that rules give in `to`. */
export const SANDBOX_DESTINATIONS = {
  ops: 'slack',
  'ops-bot': 'slack',
  oncall: 'email',
  receiver: 'webhook',
  marketo: 'marketo',
} as const satisfies Readonly<Record<string, DestinationKind>>;

type Kinds = typeof SANDBOX_DESTINATIONS;

/** A connection of the right kind for every name, and no other. */
export type SandboxDestinations = {
  readonly [Name in keyof Kinds]: Extract<Destination, { kind: Kinds[Name] }>;
};
