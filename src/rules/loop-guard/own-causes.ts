import type { CanonicalEvent, Cause } from '../../contracts/event.js';
import type { Echo, EchoDetail, WriteBehind } from '../../state/own-writes.js';
import { eventTime } from '../engine/event-time.js';
import type { RuleSet } from '../engine/rule-set.js';
import { personOf } from '../engine/subject.js';
import { activityTold, leewayOf } from './activity-told.js';
import { campaignOf } from './campaign.js';
import { writtenTypes } from './writing-rules.js';

/** The one activity that names a campaign and is ours all the same: the campaign is what we asked for. */
const REQUEST = 'marketo.activity.requestcampaign';

/** The events of which it matters to a rule whether a write of ours is behind them. */
export function echoesIn(events: readonly CanonicalEvent[], ruleSet: RuleSet): Echo[] {
  const written = writtenTypes(ruleSet);
  if (written.size === 0) return [];
  return events.flatMap((event) => {
    const owner = event.stream === 'lead-activity' ? personOf(event) : undefined;
    if (owner === undefined || event.cause !== undefined || !ruleSet.concerns(event.type)) return [];
    if (!written.has(event.type) && campaignOf(event) === undefined) return [];
    return [{ eventId: event.id, owner, detail: () => detailOf(event, written) }];
  });
}

function detailOf(event: CanonicalEvent, written: ReadonlySet<string>): EchoDetail {
  const byCampaign = event.type !== REQUEST && campaignOf(event) !== undefined;
  const activity = written.has(event.type) ? activityTold(event) : undefined;
  return { time: eventTime(event), activity, leeway: leewayOf(event), byCampaign };
}

/** The events with what they came of. `behind`: what is behind each echo, in order. */
export function withCauses(
  events: readonly CanonicalEvent[],
  echoes: readonly Echo[],
  behind: readonly (WriteBehind | undefined)[],
): readonly CanonicalEvent[] {
  const causes = new Map<string, Cause>();
  for (const [index, { eventId }] of echoes.entries()) {
    const write = behind[index];
    if (write !== undefined) causes.set(eventId, causeOf(write));
  }
  if (causes.size === 0) return events;
  return events.map((event) => {
    const cause = causes.get(event.id);
    return cause === undefined ? event : { ...event, cause };
  });
}

function causeOf({ made, depth, ...write }: WriteBehind): Cause {
  return made ? { via: 'write', ...write, depth } : { via: 'campaign', ...write, depth: 1 };
}
