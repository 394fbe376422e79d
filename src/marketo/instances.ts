import type { Connections, MarketoDestination } from '../contracts/connections.js';
import { instanceKey } from '../contracts/munchkin-id.js';

/** A destination for each Marketo instance, the first by name where there are several, by `instanceKey`. */
export function marketoInstances({ destinations }: Connections): ReadonlyMap<string, MarketoDestination> {
  const instances = new Map<string, MarketoDestination>();
  for (const [, destination] of Object.entries(destinations).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (destination.kind !== 'marketo') continue;
    const key = instanceKey(destination.munchkinId);
    if (!instances.has(key)) instances.set(key, destination);
  }
  return instances;
}
