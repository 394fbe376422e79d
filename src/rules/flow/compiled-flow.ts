import type { CanonicalEvent } from '../../contracts/event.js';
import { counted } from '../../contracts/counted.js';
import { durationText } from '../../contracts/duration.js';
import type { Bound, Passage } from '../../contracts/flow.js';
import { hashOf } from '../../contracts/hash-of.js';
import { FLOW_MARK, type LogPlace } from '../../contracts/memory.js';
import type { CompiledCondition } from '../engine/compiled-condition.js';
import { compileLooseSubject, compileSubject, ruleOwner, type Subject } from '../engine/subject.js';
import { countMessages, followUpOf, type Limit, type Per, type Rule } from '../rule.js';

/** Where something of a rule is kept for an event; undefined when the event lacks what the key is made of. */
export type PlaceOf = (event: CanonicalEvent) => LogPlace | undefined;

/** Events that lack what the key is made of share one place. */
export type SharedPlaceOf = (event: CanonicalEvent) => LogPlace;

/** Another rule that mutes this one for a time, or that is muted by it. */
export interface Mute {
  readonly by: string;
  readonly placeOf: PlaceOf;
  readonly withinMs: number;
}

/** What stands between a match of one rule and acting, ready to be asked for an event. */
export interface CompiledFlow {
  readonly sequence?: {
    readonly kind: 'then' | 'unless';
    readonly placeOf: PlaceOf;
    readonly withinMs: number;
  };
  readonly mutes: readonly Mute[];
  /** Shared conditions that mute the rule while they hold on the event. */
  readonly muting: readonly { readonly name: string; readonly condition: CompiledCondition }[];
  readonly throttle?: { readonly placeOf: SharedPlaceOf; readonly everyMs: number };
  readonly group?: { readonly placeOf: SharedPlaceOf; readonly waitMs: number; readonly max: number };
  readonly limit?: Omit<NonNullable<Passage['limit']>, 'people'>;
}

/** `compile` makes a condition over one event of the name of a shared one. */
export function compileFlow(rule: Rule, compile: (name: string) => CompiledCondition): CompiledFlow {
  const { throttle, group, limit, inhibitedBy = [] } = rule;
  const followUp = followUpOf(rule);
  return {
    ...(followUp && {
      sequence: {
        kind: followUp.kind,
        placeOf: placeBy(rule.id, 's', followUp.per),
        withinMs: followUp.withinMs,
      },
    }),
    mutes: inhibitedBy.flatMap((each) =>
      'rule' in each ? [muteBy(each.rule, each.per, each.withinMs)] : [],
    ),
    muting: inhibitedBy.flatMap((each) =>
      'condition' in each ? [{ name: each.condition, condition: compile(each.condition) }] : [],
    ),
    ...(throttle && {
      throttle: { placeOf: sharedPlaceBy(rule.id, 't', throttle.per), everyMs: throttle.everyMs },
    }),
    ...(group && {
      group: { placeOf: sharedPlaceBy(rule.id, 'g', group.per), waitMs: group.waitMs, max: group.max },
    }),
    // In shadow mode nothing is done, so there is nothing to hold.
    ...(limit &&
      rule.mode !== 'shadow' && { limit: { withinMs: limit.withinMs, bounds: boundsOf(rule, limit) } }),
  };
}

/** Every firing sends the same number of messages, so that a limit of messages is one of firings. */
function boundsOf({ actions }: Rule, { withinMs, firings, leads, messages }: Limit): Bound[] {
  const bound = (counts: Bound['counts'], most: number, what: string): Bound => ({
    counts,
    most,
    reason: `more than ${what} in ${durationText(withinMs)}`,
  });
  const each = Math.max(1, countMessages(actions));
  return [
    ...(firings === undefined ? [] : [bound('firings', firings, counted(firings, 'firing'))]),
    ...(leads === undefined ? [] : [bound('leads', leads, counted(leads, 'lead'))]),
    ...(messages === undefined
      ? []
      : [bound('firings', Math.floor(messages / each), counted(messages, 'message'))]),
  ];
}

/** A rule announces that it acted where those look whom it mutes. By the id of the rule that announces. */
export function announcements(flows: readonly CompiledFlow[]): ReadonlyMap<string, readonly Mute[]> {
  const byRule = new Map<string, Mute[]>();
  for (const mute of flows.flatMap(({ mutes }) => mutes))
    byRule.set(mute.by, [...(byRule.get(mute.by) ?? []), mute]);
  return byRule;
}

/** Where one event waits for a rule, alone: for the rule's hours, or to be judged again. */
export function ownPlace(ruleId: string, letter: 'h' | 'u', eventId: string, person?: string): LogPlace {
  const field = `${FLOW_MARK}${letter}${hashOf(JSON.stringify([ruleId, eventId]), 16)}`;
  return { owner: person ?? ruleOwner(ruleId), field };
}

export function announced(mutes: readonly Mute[] | undefined, event: CanonicalEvent): Passage['announces'] {
  return (mutes ?? []).flatMap(({ placeOf, withinMs }) => {
    const place = placeOf(event);
    return place === undefined ? [] : [{ place, keepMs: withinMs }];
  });
}

function muteBy(ruleId: string, per: Per, withinMs: number): Mute {
  const placeOf = placeBy(ruleId, 'a', per);
  return { by: ruleId, withinMs, placeOf };
}

function placeBy(ruleId: string, letter: string, per: Per): PlaceOf {
  const subjectOf = compileSubject(per);
  const field = fieldOf(ruleId, letter, per);
  return (event) => {
    const subject = subjectOf(event);
    return subject && placeIn(subject, field);
  };
}

function sharedPlaceBy(ruleId: string, letter: string, per: Per): SharedPlaceOf {
  const subjectOf = compileLooseSubject(per);
  const field = fieldOf(ruleId, letter, per);
  return (event) => placeIn(subjectOf(event), field);
}

/** The key is part of the name, so that a rule that counts by something else now begins anew. */
function fieldOf(ruleId: string, letter: string, per: Per): string {
  return `${FLOW_MARK}${letter}${hashOf(JSON.stringify([ruleId, per]), 8)}`;
}

function placeIn({ owner, part }: Subject, field: string): LogPlace {
  return { owner, field: field + part };
}
