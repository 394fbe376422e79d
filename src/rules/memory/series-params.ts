import { parseDuration } from '../../contracts/duration.js';
import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import { nearest } from '../../contracts/nearest.js';
import { parsePath, PathError } from '../engine/path.js';
import type { ConditionNode, Per } from '../rule.js';
import { STATEFUL_FACTS, type Measure } from './stateful-facts.js';

/** What a condition with a stateful fact asks, as its `params` say. */
export interface SeriesQuestion {
  readonly measure: Measure;
  /** Short event type names, as in a rule's `on`. */
  readonly on: readonly string[];
  /** Over one event alone. */
  readonly where?: ConditionNode;
  readonly per: Per;
  readonly withinMs: number;
  /** Path into the event, without `$.`. */
  readonly of?: string;
  /** Of `spike`: so many windows before the current one are compared with it. */
  readonly windows: number;
}

/** Something wrong in `params`, and where: the names that lead to it from there. */
export interface ParamsProblem {
  readonly at: readonly string[];
  readonly message: string;
  readonly suggestion?: string | undefined;
}

/** The longest that rules remember: 90 days. */
export const LONGEST_WITHIN_MS = 90 * 24 * 3_600_000;

/** How far `previous`, `changed` and `sinceLast` look back unless they are told. */
const DEFAULT_WITHIN_MS = 30 * 24 * 3_600_000;
const DEFAULT_WINDOWS = 7;
const MOST_WINDOWS = 100;

const MEMBERS = ['on', 'where', 'per', 'within', 'of', 'windows'] as const;

/**
 * Reads the `params` of a condition with a stateful fact. What `on`, `where` and `per` hold is not looked into: types
 * and conditions have checks of their own.
 *
 * @param ruleOn the types of the rule, which count unless `params.on` names others
 */
export function readSeriesParams(
  measure: Measure,
  params: unknown,
  ruleOn: readonly string[],
): { readonly question: SeriesQuestion } | { readonly problems: readonly ParamsProblem[] } {
  if (params !== undefined && !isJsonObject(params))
    return { problems: [{ at: [], message: '"params" must be an object' }] };
  const given: JsonObject = params ?? {};
  const problems: ParamsProblem[] = strangers(given);
  const { on = ruleOn, where, per = [], of, within, windows } = given;
  const fact = STATEFUL_FACTS[measure];

  const types = textsOf(on);
  if (types === undefined || types.length === 0)
    problems.push(fault('on', 'must be an event type or a list of them'));
  if (where !== undefined && !isJsonObject(where))
    problems.push(fault('where', 'must be a conditions object'));
  const keys = textsOf(per);
  if (keys === undefined)
    problems.push(fault('per', 'must be a path into the event such as "leadId", or a list of them'));
  for (const key of keys ?? []) problems.push(...pathProblems('per', key));

  if (fact.needsOf && of === undefined)
    problems.push({
      at: [],
      message: `the fact "${measure}" needs "of" in its "params": the path of a value in the event`,
    });
  if (!fact.needsOf && of !== undefined) problems.push(fault('of', `has no effect on "${measure}"`));
  if (of !== undefined && typeof of !== 'string') problems.push(fault('of', 'must be a path into the event'));
  if (typeof of === 'string') problems.push(...pathProblems('of', withoutDollar(of)));

  const withinMs =
    within === undefined ? DEFAULT_WITHIN_MS : typeof within === 'string' ? parseDuration(within) : undefined;
  if (fact.needsWithin && within === undefined)
    problems.push({ at: [], message: `the fact "${measure}" needs "within" in its "params", such as "24h"` });
  else if (withinMs === undefined || withinMs === 0)
    problems.push(fault('within', 'must be a duration such as "30m", "24h" or "7d"'));

  if (windows !== undefined && measure !== 'spike')
    problems.push(fault('windows', `has no effect on "${measure}"`));
  const isCount =
    typeof windows === 'number' && Number.isInteger(windows) && windows >= 1 && windows <= MOST_WINDOWS;
  if (windows !== undefined && !isCount)
    problems.push(fault('windows', `must be a whole number from 1 to ${MOST_WINDOWS}`));

  const count = isCount ? windows : DEFAULT_WINDOWS;
  if (withinMs !== undefined && horizonMs({ measure, withinMs, windows: count }) > LONGEST_WITHIN_MS) {
    const all = measure === 'spike' ? `, all ${count + 1} windows together` : '';
    problems.push(fault('within', `can be 90 days at most${all}`));
  }
  if (problems.length > 0 || types === undefined || keys === undefined || withinMs === undefined)
    return { problems };
  return {
    question: {
      measure,
      on: types,
      ...(where === undefined ? {} : { where: where as ConditionNode }),
      per: keys,
      withinMs,
      ...(typeof of === 'string' ? { of: withoutDollar(of) } : {}),
      windows: count,
    },
  };
}

/** How far back the answer looks, milliseconds. */
export function horizonMs({
  measure,
  withinMs,
  windows,
}: Pick<SeriesQuestion, 'measure' | 'withinMs' | 'windows'>): number {
  return measure === 'spike' ? withinMs * (windows + 1) : withinMs;
}

function strangers(params: JsonObject): ParamsProblem[] {
  return Object.keys(params)
    .filter((name) => !(MEMBERS as readonly string[]).includes(name))
    .map((name) => ({
      at: [name],
      message: `unknown member "${name}" of "params"`,
      suggestion: nearest(name, MEMBERS),
    }));
}

function fault(member: string, message: string): ParamsProblem {
  return { at: [member], message: `"${member}" ${message}` };
}

function textsOf(value: unknown): readonly string[] | undefined {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.every((each) => typeof each === 'string' && each !== '') ? (values as string[]) : undefined;
}

/** Both spellings are natural: conditions write `$.data.x`, a throttle's `per` writes `data.x`. */
function withoutDollar(path: string): string {
  return path.startsWith('$.') ? path.slice(2) : path;
}

function pathProblems(member: string, path: string): ParamsProblem[] {
  if (path.startsWith('$'))
    return [fault(member, 'is written without "$", as in "leadId" or "data.campaignId"')];
  try {
    parsePath(`$.${path}`);
    return [];
  } catch (error) {
    if (error instanceof PathError) return [fault(member, error.message)];
    throw error;
  }
}
