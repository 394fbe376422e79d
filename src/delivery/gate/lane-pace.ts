import type { Destination, OwnDestination } from '../../contracts/connections.js';
import type { Pace } from '../../contracts/lane.js';

/** What Slack allows an incoming webhook, whose channel is fixed; by bot each channel has a pace of its own. */
const INCOMING_WEBHOOK: Pace = { everyMs: 1_000, burst: 1 };

/** How often a destination is sent to, all effects together: what its connection says, or what its kind is known for. */
export function lanePaceOf(destination: Destination | OwnDestination): Pace | undefined {
  if (destination.kind === 'signalman') return undefined;
  if (destination.lane?.pace !== undefined) return destination.lane.pace;
  const isIncoming = destination.kind === 'slack' && destination.botToken === undefined;
  return isIncoming ? INCOMING_WEBHOOK : undefined;
}
