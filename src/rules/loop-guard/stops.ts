import type { Encounter, LoopBook, Met } from '../../contracts/loop.js';
import type { CanonicalEvent } from '../../contracts/event.js';
import { eventTime } from '../engine/event-time.js';
import { personOf } from '../engine/subject.js';
import type { Suppression } from '../flow/passages.js';
import type { Rule } from '../rule.js';
import type { Firing } from '../verdict.js';
import { campaignOf } from './campaign.js';
import { goesOn, writesToLeads } from './writing-rules.js';

/** Firings that may lead to one another before nothing more comes of it: rules that set each other off must come to an end. */
export const MOST_CAUSES = 8;

const MINUTE_MS = 60_000;

/** True where the event is what the rule itself wrote, and it does not want to know. */
export function isOwnWrite({ id, reactToOwnWrites }: Rule, { cause }: CanonicalEvent): boolean {
  return cause?.via === 'write' && cause.ruleId === id && reactToOwnWrites !== true;
}

/** Why firings must not go on: what the rule wrote itself came back, or it would go on with a loop. Answered for a batch at once. */
export async function stopsOf(
  batch: string,
  firings: readonly Firing[],
  book: LoopBook,
): Promise<ReadonlyMap<Firing, Suppression>> {
  const stops = new Map<Firing, Suppression>();
  const encounters: (readonly [Firing, Encounter])[] = [];
  for (const firing of firings) {
    const { rule, step, kept } = firing;
    // What ends a wait is no acting.
    if (step === 'unless') continue;
    if (isOwnWrite(rule, kept.event)) {
      stops.set(firing, ownWrite(kept.event));
      continue;
    }
    const encounter = encounterOf(firing);
    if (encounter !== undefined) encounters.push([firing, encounter]);
  }
  const met = await book.meet(
    batch,
    encounters.map(([, encounter]) => encounter),
  );
  for (const [index, [firing, encounter]] of encounters.entries()) {
    const stop = stopOf(encounter, met[index]);
    if (stop !== undefined) stops.set(firing, stop);
  }
  return stops;
}

function ownWrite({ cause }: CanonicalEvent): Suppression {
  return { outcome: 'own-write', reason: `the rule wrote this itself: effect ${cause?.effectId ?? ''}` };
}

function encounterOf({ rule, step, kept: { event } }: Firing): Encounter | undefined {
  const { cause, munchkinId, leadId, type } = event;
  const owner = personOf(event);
  const common = {
    id: JSON.stringify([rule.id, event.id, step]),
    ruleId: rule.id,
    munchkinId,
    type,
    time: eventTime(event),
    lead: leadId === undefined || owner === undefined ? undefined : { id: leadId, owner },
  };
  if (cause !== undefined && cause.depth >= MOST_CAUSES && goesOn(rule))
    return { ...common, with: { kind: 'rule', name: cause.ruleId } };
  const campaign = common.lead === undefined ? undefined : campaignOf(event);
  if (campaign === undefined || !writesToLeads(rule)) return undefined;
  return { ...common, with: { kind: 'campaign', ...campaign } };
}

function stopOf(encounter: Encounter, met: Met | undefined): Suppression | undefined {
  // A chain is too long whatever anybody remembers; a trial remembers nothing.
  if (encounter.with.kind === 'rule') return { outcome: 'looped', reason: stopReason(encounter) };
  if (met?.stopped !== true) return undefined;
  return { outcome: 'looped', reason: stopReason(encounter, met), until: met.until };
}

/** One sentence for people: who plays with whom. */
export function stopReason({ ruleId, with: other, time }: Encounter, met?: Met): string {
  if (other.kind === 'rule')
    return `${MOST_CAUSES} firings led to it, one after the other, the last of the rule ${other.name}: rule ${ruleId} does not go on`;
  const id = other.campaignId === undefined ? '' : ` (${other.campaignId})`;
  const minutes = Math.max(1, Math.ceil((time - (met?.since ?? time)) / MINUTE_MS));
  const within = `${met?.times ?? 0} times in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
  return `rule ${ruleId} and smart campaign ${other.name}${id} answer each other: ${within}`;
}
