import { hash } from 'node:crypto';
import { parseDuration } from '../../contracts/duration.js';
import { DEFAULT_GROUP } from '../flow-schema.js';
import type { RuleFile } from '../rule-schema.js';
import type {
  ActiveHours,
  ConditionNode,
  FollowUp,
  Group,
  Limit,
  Rule,
  Throttle,
  Timetable,
} from '../rule.js';
import { allLeadFields } from '../templates/lead-fields.js';
import { DAY_MINUTES, EVERY_DAY, parseDays, parseHours } from './read-active-hours.js';
import type { CheckedActions } from './check-actions.js';
import type { CheckContext } from './check-context.js';
import { parseExpiry } from './expiry.js';
import { inhibitionOf, inhibitorsIn } from './inhibitors.js';
import { textsOf } from './texts-of.js';
import { timetableOf } from './read-every.js';

/** The engine's own event that a timetable makes; its `data.rule` names the rule. */
export const SCHEDULE_TYPE = 'signalman.schedule';

/** The rule that a file which was found good stands for. */
export function ruleOf(
  id: string,
  source: RuleFile,
  context: CheckContext,
  texts: CheckedActions['texts'],
): Rule {
  const { description, owner, mode = 'live', actions, timeZone, inhibitedBy } = source;
  const zone = timeZone ?? 'UTC';
  return {
    id,
    version: hash('sha256', JSON.stringify(source), 'hex').slice(0, 12),
    description,
    ...given('owner', owner),
    mode,
    on: source.every === undefined ? textsOf(source.on ?? []) : [SCHEDULE_TYPE],
    conditions: conditionsOf(id, source),
    ...given('timeZone', timeZone),
    ...given('then', source.then && followUpOf(source.then)),
    ...given('unless', source.unless && followUpOf(source.unless)),
    ...given('throttle', source.throttle && throttleOf(source.throttle)),
    ...given('group', source.group && groupOf(source.group)),
    ...given('limit', source.limit && limitOf(source.limit)),
    ...given('activeHours', source.activeHours && activeHoursOf(source.activeHours, zone)),
    ...given(
      'inhibitedBy',
      inhibitedBy === undefined
        ? undefined
        : inhibitorsIn(inhibitedBy).map((each) => inhibitionOf(each, context)),
    ),
    ...given('expires', source.expires === undefined ? undefined : parseExpiry(source.expires, zone)),
    ...given('every', source.every === undefined ? undefined : everyOf(source.every, zone)),
    ...given('reactToOwnWrites', source.reactToOwnWrites),
    ...given('priority', source.priority),
    actions: actions.map(({ guarantee = 'at-least-once', ...action }) => ({ ...action, guarantee })),
    leadFieldsInTexts: fieldsInTexts(texts),
    usageInTexts: texts.some(({ uses }) => uses.some(({ names }) => names[0] === 'usage')),
  };
}

/** None where a text shows the whole lead: what is known of it is all that is meant. */
function fieldsInTexts(texts: CheckedActions['texts']): readonly string[] {
  const all = allLeadFields(texts.map(({ leadFields }) => leadFields));
  return all === 'all' ? [] : all;
}

function given<N extends keyof Rule>(
  name: N,
  value: Rule[N] | undefined,
): { readonly [name in N]?: NonNullable<Rule[N]> } | undefined {
  return value === undefined ? undefined : ({ [name]: value } as { [name in N]: NonNullable<Rule[N]> });
}

/** Without conditions, every event of these types meets the rule; of a timetable just those for this rule. */
function conditionsOf(id: string, { every, conditions }: RuleFile): ConditionNode {
  if (every === undefined) return (conditions ?? { all: [] }) as ConditionNode;
  const own = { fact: 'data', path: '$.rule', operator: 'equal', value: id };
  return { all: conditions === undefined ? [own] : [own, conditions] };
}

/** Milliseconds of a duration that was found good. */
function msOf(duration: string): number {
  return parseDuration(duration) ?? 0;
}

function followUpOf({ on, conditions, per = 'leadId', within }: NonNullable<RuleFile['then']>): FollowUp {
  return {
    on: textsOf(on),
    conditions: (conditions ?? { all: [] }) as ConditionNode,
    per: textsOf(per),
    withinMs: msOf(within),
  };
}

function throttleOf({ per, every }: NonNullable<RuleFile['throttle']>): Throttle {
  return { per: textsOf(per), everyMs: msOf(every) };
}

function groupOf({ per = [], wait, max = DEFAULT_GROUP }: NonNullable<RuleFile['group']>): Group {
  return { per: textsOf(per), waitMs: msOf(wait), max };
}

function limitOf({ per = '1h', ...most }: NonNullable<RuleFile['limit']>): Limit {
  return { withinMs: msOf(per), ...most };
}

function activeHoursOf(
  { days, hours, timeZone, outside = 'defer' }: NonNullable<RuleFile['activeHours']>,
  ruleZone: string,
): ActiveHours {
  const numbers = days === undefined ? EVERY_DAY : textsOf(days).flatMap(daysOf);
  const { from, to } = (hours === undefined ? undefined : parseHours(hours)) ?? { from: 0, to: DAY_MINUTES };
  return {
    days: [...new Set(numbers)].sort((a, b) => a - b),
    from,
    to,
    timeZone: timeZone ?? ruleZone,
    outside,
  };
}

function daysOf(text: string): readonly number[] {
  const days = parseDays(text);
  return typeof days === 'string' ? [] : days;
}

function everyOf(every: NonNullable<RuleFile['every']>, timeZone: string): Timetable {
  return { ...timetableOf(every), timeZone };
}
