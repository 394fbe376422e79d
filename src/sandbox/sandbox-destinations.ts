import type { Connections, Destination, DestinationKind } from '../contracts/connections.js';

/** What the sandbox can be told to do, by the name that rules give in `to`. */
export const SANDBOX_DESTINATIONS = {
  ops: 'slack',
  'ops-bot': 'slack',
  oncall: 'email',
  receiver: 'webhook',
  marketo: 'marketo',
} as const satisfies Readonly<Record<string, DestinationKind>>;

/** What rules are checked against beyond the kind, also while no sandbox runs: `ops` has no bot. */
export const SANDBOX_CONNECTIONS: Connections['destinations'] = {
  ops: { kind: 'slack', webhookUrl: 'http://127.0.0.1/', apiOrigin: 'http://127.0.0.1' },
};

type Kinds = typeof SANDBOX_DESTINATIONS;

/** A connection of the right kind for every name, and no other. */
export type SandboxDestinations = {
  readonly [Name in keyof Kinds]: Extract<Destination, { kind: Kinds[Name] }>;
};
