import type { DecisionOutcome } from '../contracts/decision.js';
import type { Effect } from '../contracts/effect.js';
import { Failure } from '../contracts/failure.js';
import type { Holding, Passed } from '../contracts/flow.js';
import { effectsOf, type Act, type EffectContext } from './effects.js';
import type { Suppression } from './flow/passages.js';
import type { Rule } from './rule.js';
import type { Fault } from './verdict.js';

/** What a rule comes to on an event that met its conditions, or on which it could not be evaluated. */
export interface Outcome {
  readonly rule: Pick<Rule, 'id' | 'version'>;
  readonly eventId: string;
  readonly outcome: DecisionOutcome;
  readonly reason?: string;
  /** RFC 3339 in UTC. */
  readonly until?: string;
  /** For `fired` what is to be sent, for `held` what a person may release, for `shadow` what would be sent if it were live. */
  readonly effects: readonly Effect[];
  /** Only of `held`. */
  readonly held?: Held;
}

/** Why a firing waits for a person, and for whom it would act. */
export interface Held {
  readonly holding: Holding;
  /** The rule is held from this firing on. */
  readonly began: boolean;
  /** Leads by instance and id: `123-ABC-456/7`. */
  readonly leads: readonly string[];
}

/** A rule and the event for which it was asked whether it may act. */
export interface Asked {
  readonly rule: Rule;
  readonly eventId: string;
  readonly suppression?: Suppression | undefined;
}

/** What an answer of the flow means. That a rule does not act is an outcome too, unless nobody waited for its event. */
export function outcomesOf(asked: Asked, passed: Passed, context: EffectContext): Outcome[] {
  const { rule, eventId } = asked;
  switch (passed.kind) {
    case 'acts':
      return actsOf(rule, passed, context);
    case 'nothing':
      return [];
    case 'ended':
      return passed.eventIds.map((first) =>
        quiet(rule, first, { outcome: 'followed', reason: `${eventId} came in time` }),
      );
    case 'crowded':
      return [
        quiet(rule, eventId, { outcome: 'failed', reason: 'too many events wait for the same already' }),
      ];
    case 'suppressed':
      return asked.suppression === undefined ? [] : [quiet(rule, eventId, asked.suppression)];
    case 'inhibited':
      return [
        quiet(rule, eventId, {
          outcome: 'inhibited',
          reason: `the rule ${passed.by} has acted`,
          until: passed.until,
        }),
      ];
    default:
      return [quiet(rule, eventId, { ...WAITS[passed.kind](rule), until: passed.until })];
  }
}

export function outcomeOfFault({ rule, event, reason }: Fault): Outcome {
  return { rule, eventId: event.id, outcome: 'failed', reason, effects: [] };
}

/** An outcome without effects. */
export function quiet(
  rule: Outcome['rule'],
  eventId: string,
  { outcome, reason, until }: Suppression,
): Outcome {
  const end = until === undefined ? {} : { until: new Date(until).toISOString() };
  return { rule, eventId, outcome, reason, ...end, effects: [] };
}

const WAITS: Readonly<
  Record<
    'waiting' | 'throttled' | 'grouped' | 'deferred',
    (rule: Rule) => Pick<Suppression, 'outcome' | 'reason'>
  >
> = {
  waiting: ({ then }) => ({
    outcome: 'waiting',
    reason: then === undefined ? 'acts unless something follows' : 'acts when something follows',
  }),
  throttled: ({ throttle }) => ({
    outcome: 'throttled',
    reason: `already fired for this ${throttle?.per.join(' and ') ?? ''}`,
  }),
  grouped: () => ({ outcome: 'grouped', reason: 'acts together with others' }),
  deferred: () => ({ outcome: 'deferred', reason: 'it came outside the hours of the rule' }),
};

function actsOf(
  rule: Rule,
  { members, follow, heldBack, held }: Extract<Passed, { kind: 'acts' }>,
  context: EffectContext,
): Outcome[] {
  const [first, ...others] = members;
  if (first === undefined) return [];
  const eventId = first.event.id;
  const act: Act = { rule, members: [first, ...others], follow, heldBack };
  try {
    const effects = effectsOf(act, context);
    if (held !== undefined) return [{ rule, eventId, ...heldOf(act, held), effects }];
    const outcome = rule.mode === 'shadow' ? 'shadow' : 'fired';
    const reason = reasonOf(act);
    return [{ rule, eventId, outcome, ...(reason && { reason }), effects }];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [{ rule, eventId, outcome: 'failed', reason: error.message, effects: [] }];
  }
}

function heldOf(
  { members, follow }: Act,
  { began, ...holding }: NonNullable<Extract<Passed, { kind: 'acts' }>['held']>,
): Pick<Outcome, 'outcome' | 'reason' | 'held'> {
  const leads = [...members, ...(follow === undefined ? [] : [follow])].flatMap(({ event }) =>
    event.leadId === undefined ? [] : `${event.munchkinId ?? ''}/${event.leadId}`,
  );
  return {
    outcome: 'held',
    reason: `${holding.reason}: held until a person releases them`,
    held: { holding, began: began === true, leads: [...new Set(leads)] },
  };
}

function reasonOf({ members, follow, rule }: Act): string | undefined {
  if (follow !== undefined) return `followed by ${follow.event.id}`;
  if (members.length > 1) return `together with ${members.length - 1} more`;
  return rule.unless === undefined ? undefined : 'nothing followed in time';
}
