import type { DecisionOutcome } from '../../contracts/decision.js';
import type { CanonicalEvent } from '../../contracts/event.js';
import type { FlowStep, Kept, Passage } from '../../contracts/flow.js';
import type { Silence } from '../../contracts/silence.js';
import type { CompiledRule } from '../engine/compile-rule.js';
import { eventTime } from '../engine/event-time.js';
import { FactScope } from '../engine/facts.js';
import { personOf } from '../engine/subject.js';
import type { Rule } from '../rule.js';
import { isOpen, nextOpening } from './active-hours.js';
import { announced, ownPlace, type CompiledFlow, type Mute } from './compiled-flow.js';
import { silenceOf } from './silence-match.js';

/** What acting depends on besides rule and event. */
export interface Circumstances {
  /** Epoch milliseconds of the clock. */
  readonly now: number;
  readonly silences: readonly Silence[];
  /** Those who are muted by a rule, by its id. */
  readonly mutedBy: (ruleId: string) => readonly Mute[] | undefined;
}

/** A rule that has come to a step of its flow with an event. */
export interface Arrival {
  readonly compiled: CompiledRule;
  readonly step: Exclude<FlowStep, 'undecided'>;
  readonly kept: Kept;
  readonly person?: string | undefined;
  /** Why it must not go on, where it would go on with a loop. */
  readonly stopped?: Suppression | undefined;
  /** Of what has waited for its time. */
  readonly waited?: NonNullable<Passage['waited']>;
}

/** Why a rule does not act, known without asking. */
export interface Suppression {
  readonly outcome: DecisionOutcome;
  readonly reason: string;
  readonly until?: number;
}

export interface Departure {
  readonly passage: Passage;
  readonly suppression?: Suppression;
}

/**
 * What has to be asked before the rule may act, and why it may not whatever the answer. Undefined for a sequence whose
 * key the event lacks: nothing could ever meet it.
 */
export function departureOf(arrival: Arrival, circumstances: Circumstances): Departure | undefined {
  const { compiled, step, kept, person, waited } = arrival;
  const { rule, flow } = compiled;
  const { event } = kept;
  const place = isPartOfSequence(step) ? flow.sequence?.placeOf(event) : undefined;
  if (isPartOfSequence(step) && flow.sequence !== undefined && place === undefined) return undefined;
  const suppression = suppressionOf(arrival, circumstances);
  const passage: Passage = {
    ...outset(rule, kept, person),
    step,
    ...(flow.sequence && place
      ? { sequence: { kind: flow.sequence.kind, place, withinMs: flow.sequence.withinMs } }
      : {}),
    suppressed: suppression !== undefined,
    inhibitors: inhibitorsOf(flow, event),
    ...throttleOf(flow, event),
    ...hoursOf(arrival, circumstances.now),
    ...groupOf(flow, event),
    ...limitOf(arrival),
    announces: announced(circumstances.mutedBy(rule.id), event),
    ...(waited && { waited }),
  };
  return suppression === undefined ? { passage } : { passage, suppression };
}

/** A wait of its own for an event that could not be judged. `at`: epoch milliseconds of the next try. */
export function waitForJudgement(rule: Rule, kept: Kept, person: string | undefined, at: number): Passage {
  return {
    ...outset(rule, kept, person),
    step: 'undecided',
    suppressed: false,
    inhibitors: [],
    announces: [],
    // A place for each try: the one before is given up only when this one stands.
    again: { place: ownPlace(rule.id, 'u', `${kept.event.id}@${at}`, person), at },
  };
}

/** What a passage says of rule and event, whatever it asks. */
function outset(
  { id: ruleId }: Rule,
  kept: Kept,
  person: string | undefined,
): Pick<Passage, 'ruleId' | 'kept' | 'lead' | 'time' | 'receivedAt'> {
  const { event } = kept;
  return {
    ruleId,
    kept,
    ...(person === undefined ? {} : { lead: person }),
    time: eventTime(event),
    receivedAt: Date.parse(event.receivedAt),
  };
}

function suppressionOf(
  { compiled, step, kept, stopped }: Arrival,
  { now, silences }: Circumstances,
): Suppression | undefined {
  if (stopped !== undefined) return stopped;
  const { rule, flow } = compiled;
  const { event } = kept;
  if (rule.expires !== undefined && eventTime(event) >= rule.expires)
    return { outcome: 'expired', reason: `the rule ended on ${new Date(rule.expires).toISOString()}` };
  // What begins a sequence, or ends one, is no acting.
  if (step === 'unless' || (step === 'match' && flow.sequence !== undefined)) return undefined;
  const silence = silenceOf(silences, { ruleId: rule.id, event }, now);
  if (silence !== undefined)
    return {
      outcome: 'silenced',
      reason: `silenced by ${silence.owner}: ${silence.reason}`,
      until: Date.parse(silence.until),
    };
  const scope = new FactScope(event, { lead: kept.lead });
  const muting = flow.muting.find(({ condition }) => condition.test(scope));
  if (muting !== undefined) return { outcome: 'inhibited', reason: `the condition ${muting.name} holds` };
  const hours = rule.activeHours;
  if (hours?.outside === 'drop' && step !== 'opened' && step !== 'gathered' && !isOpen(hours, now))
    return { outcome: 'outside-hours', reason: 'it came outside the hours of the rule' };
  return undefined;
}

function hoursOf({ compiled: { rule }, kept, person }: Arrival, now: number): Pick<Passage, 'notBefore'> {
  const hours = rule.activeHours;
  if (hours?.outside !== 'defer' || isOpen(hours, now)) return {};
  const place = ownPlace(rule.id, 'h', kept.event.id, person);
  return { notBefore: { place, at: nextOpening(hours, now) } };
}

function isPartOfSequence(step: FlowStep): boolean {
  return step === 'match' || step === 'then' || step === 'unless';
}

function inhibitorsOf({ mutes }: CompiledFlow, event: CanonicalEvent): Passage['inhibitors'] {
  return mutes.flatMap(({ by, placeOf, withinMs }) => {
    const place = placeOf(event);
    return place === undefined ? [] : [{ by, place, withinMs }];
  });
}

function throttleOf({ throttle }: CompiledFlow, event: CanonicalEvent): Pick<Passage, 'throttle'> {
  if (throttle === undefined) return {};
  return { throttle: { place: throttle.placeOf(event), everyMs: throttle.everyMs } };
}

function groupOf({ group }: CompiledFlow, event: CanonicalEvent): Pick<Passage, 'group'> {
  if (group === undefined) return {};
  return { group: { place: group.placeOf(event), waitMs: group.waitMs, max: group.max } };
}

function limitOf({ compiled: { flow }, kept, waited }: Arrival): Pick<Passage, 'limit'> {
  if (flow.limit === undefined) return {};
  const { members = [kept], follow } = waited ?? {};
  const people = [...members, ...(follow === undefined ? [] : [follow])].map(({ event }) => personOf(event));
  return { limit: { ...flow.limit, people: people.filter((person) => person !== undefined) } };
}
