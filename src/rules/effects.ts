import { ACTION_SCHEMAS } from '../actions/action-schemas.js';
import type { ActionSchema } from '../contracts/action-kind.js';
import { ledgerHours } from '../contracts/completeness.js';
import { effectId } from '../contracts/effect-id.js';
import type { CanonicalEvent, Cause } from '../contracts/event.js';
import type { Effect } from '../contracts/effect.js';
import { permanent } from '../contracts/failure.js';
import type { HeldBack, Kept } from '../contracts/flow.js';
import { leadOwner } from '../contracts/lead-owner.js';
import { chooseDestination, type Destinations } from './destinations.js';
import { eventTime } from './engine/event-time.js';
import { zonedNow } from './flow/zoned-time.js';
import type { Rule, RuleAction } from './rule.js';
import { compileParams, type CompiledParams } from './templates/params.js';
import { TemplateError } from './templates/template-error.js';
import type { TemplateScope } from './templates/template-scope.js';

/** What effects depend on besides the firing itself. */
export interface EffectContext {
  readonly destinations: Destinations;
  /** RFC 3339 in UTC. */
  readonly decidedAt: string;
}

/** A rule that acts: on one event, or for all of a digest. The first member is the event that the effects stand for. */
export interface Act {
  readonly rule: Rule;
  readonly members: readonly [Kept, ...Kept[]];
  /** The second event of a `then`. */
  readonly follow?: Kept | undefined;
  readonly heldBack: HeldBack;
}

/**
 * The effects of one act, ready to be queued: all of them or none.
 * @throws Failure `effect.unbuildable`, never retried, when a template fails or an action has nowhere to go.
 */
export function effectsOf(act: Act, context: EffectContext): Effect[] {
  const scope = scopeOf(act);
  return act.rule.actions.map((action, index) => {
    try {
      return effectOf(act, action, index, scope, context);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      throw permanent('effect.unbuildable', `Action ${index + 1} (${action.type}): ${error.message}`, error);
    }
  });
}

function effectOf(
  act: Act,
  action: RuleAction,
  actionIndex: number,
  scope: TemplateScope,
  { destinations, decidedAt }: EffectContext,
): Effect {
  const { rule, members } = act;
  const [{ event }] = members;
  const people = peopleOf(act);
  const cause = deepestCause(act);
  const schema = schemaOf(action);
  const params = compiledParams(rule)[actionIndex]?.render(scope) ?? {};
  const { to } = params;
  const chosen = chooseDestination(
    typeof to === 'string' ? to : undefined,
    schema.destination,
    event,
    destinations,
  );
  if (chosen.name === undefined) {
    throw permanent('effect.unbuildable', `Action ${actionIndex + 1} (${action.type}): ${chosen.reason}`);
  }
  return {
    v: 1,
    id: effectId(rule.id, event.id, actionIndex),
    type: action.type,
    to: chosen.name,
    params: { ...schema.defaults?.(event, rule), ...params, to: chosen.name },
    guarantee: action.guarantee,
    ruleId: rule.id,
    ruleVersion: rule.version,
    eventId: event.id,
    actionIndex,
    origin: {
      hour: ledgerHours(event.receivedAt)(event.time),
      source: event.connection,
      stream: event.stream,
    },
    decidedAt,
    ...(people.length === 0 ? {} : { people }),
    ...(cause === undefined ? {} : { cause }),
    ...(rule.priority === undefined ? {} : { priority: rule.priority }),
  };
}

function eventsOf({ members, follow }: Act): readonly CanonicalEvent[] {
  return [...members, ...(follow === undefined ? [] : [follow])].map(({ event }) => event);
}

/** The longest chain that ends here: a digest must not cut it short. */
function deepestCause(act: Act): Cause | undefined {
  const causes = eventsOf(act).flatMap(({ cause }) => cause ?? []);
  return causes.sort((a, b) => b.depth - a.depth)[0];
}

/** All whose events are told. */
function peopleOf(act: Act): readonly string[] {
  const people = eventsOf(act).flatMap(({ munchkinId, leadId }) =>
    leadId === undefined ? [] : leadOwner(munchkinId, leadId),
  );
  return [...new Set(people)];
}

function scopeOf({ rule, members, follow, heldBack }: Act): TemplateScope {
  const [{ event, lead, facts, usage }] = members;
  const { type, data, attributes, leadId, munchkinId, time } = event;
  return {
    event,
    type,
    data,
    attributes,
    leadId,
    munchkinId,
    time,
    lead,
    usage,
    now: zonedNow(eventTime(event), rule.timeZone ?? 'UTC'),
    facts,
    ...(follow === undefined ? {} : { then: follow.event }),
    events: members.map((member) => member.event),
    count: members.length,
    rule: labelOf(rule),
    throttled: heldBack,
  };
}

function labelOf({ id, description, owner }: Rule): TemplateScope['rule'] {
  return owner === undefined ? { id, description } : { id, description, owner };
}

function schemaOf({ type }: RuleAction): ActionSchema {
  const schema = ACTION_SCHEMAS.get(type);
  if (schema === undefined) throw permanent('effect.unbuildable', `No action kind is called "${type}".`);
  return schema;
}

/** Templates are compiled at a rule's first firing and live as long as the rule does. */
const compiled = new WeakMap<Rule, readonly CompiledParams[]>();

function compiledParams(rule: Rule): readonly CompiledParams[] {
  const known = compiled.get(rule);
  if (known !== undefined) return known;
  const fresh = rule.actions.map((action) => compileParams(action.params, schemaOf(action).params));
  compiled.set(rule, fresh);
  return fresh;
}
