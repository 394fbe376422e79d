import { parseDuration } from '../../contracts/duration.js';
import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import { nearest } from '../../contracts/nearest.js';
import { parsePath, PathError } from '../engine/path.js';
import type { ConditionNode, Per } from '../rule.js';
import { STATEFUL_FACTS, type Measure } from './stateful-facts.js';

/** What is measured, and how far back. */
export interface Measurement {
  readonly measure: Measure;
  readonly withinMs: number;
  /** Of `spike`: so many windows before the current one are compared with it. */
  readonly windows: number;
}

/** What a condition with a stateful fact asks, as its `params` say. */
export interface SeriesQuestion extends Measurement {
  /** Short event type names, as in a rule's `on`. */
  readonly on: readonly string[];
  /** Over one event alone. */
  readonly where?: ConditionNode;
  readonly per: Per;
  /** Path into the event, without `$.`. */
  readonly of?: string;
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
  const given: JsonObject = { on: ruleOn, per: [], ...params };
  const { on, where, per, of, within, windows } = given;
  const problems = [
    ...strangers(given),
    ...eventProblems(given),
    ...valueProblems(measure, of),
    ...timeProblems(measure, given),
  ];
  if (problems.length > 0) return { problems };
  return {
    question: {
      measure,
      on: textsOf(on) ?? [],
      ...(isJsonObject(where) ? { where } : {}),
      per: textsOf(per) ?? [],
      withinMs: withinMsOf(within) ?? DEFAULT_WITHIN_MS,
      ...(typeof of === 'string' ? { of: withoutDollar(of) } : {}),
      windows: windowsOf(windows) ?? DEFAULT_WINDOWS,
    },
  };
}

/** How far back the answer looks, milliseconds. */
export function horizonMs({ measure, withinMs, windows }: Measurement): number {
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

/** Of which events the log is, and by what they are kept apart. */
function eventProblems({ on, where, per }: JsonObject): ParamsProblem[] {
  const types = textsOf(on);
  const keys = textsOf(per);
  return [
    ...(types === undefined || types.length === 0
      ? [fault('on', 'must be an event type or a list of them')]
      : []),
    ...(where === undefined || isJsonObject(where) ? [] : [fault('where', 'must be a conditions object')]),
    ...(keys === undefined
      ? [fault('per', 'must be a path into the event such as "leadId", or a list of them')]
      : keys.flatMap((key) => pathProblems('per', key))),
  ];
}

/** Which value of the event is noted. */
function valueProblems(measure: Measure, of: unknown): ParamsProblem[] {
  const { needsOf } = STATEFUL_FACTS[measure];
  if (of === undefined) {
    const message = `the fact "${measure}" needs "of" in its "params": the path of a value in the event`;
    return needsOf ? [{ at: [], message }] : [];
  }
  if (!needsOf) return [fault('of', `has no effect on "${measure}"`)];
  if (typeof of !== 'string') return [fault('of', 'must be a path into the event')];
  return pathProblems('of', withoutDollar(of));
}

/** How far back the question looks. */
function timeProblems(measure: Measure, { within, windows }: JsonObject): ParamsProblem[] {
  const withinMs = withinMsOf(within);
  const count = windowsOf(windows);
  const problems: ParamsProblem[] = [];
  if (within === undefined && STATEFUL_FACTS[measure].needsWithin)
    problems.push({ at: [], message: `the fact "${measure}" needs "within" in its "params", such as "24h"` });
  if (within !== undefined && withinMs === undefined)
    problems.push(fault('within', 'must be a duration such as "30m", "24h" or "7d"'));
  if (windows !== undefined && measure !== 'spike')
    problems.push(fault('windows', `has no effect on "${measure}"`));
  else if (windows !== undefined && count === undefined)
    problems.push(fault('windows', `must be a whole number from 1 to ${MOST_WINDOWS}`));
  if (withinMs === undefined) return problems;
  const all = { measure, withinMs, windows: count ?? DEFAULT_WINDOWS };
  if (horizonMs(all) > LONGEST_WITHIN_MS) {
    const together = measure === 'spike' ? `, all ${all.windows + 1} windows together` : '';
    problems.push(fault('within', `can be 90 days at most${together}`));
  }
  return problems;
}

/** Undefined as well for a duration of nothing. */
function withinMsOf(within: unknown): number | undefined {
  return (typeof within === 'string' ? parseDuration(within) : undefined) || undefined;
}

function windowsOf(windows: unknown): number | undefined {
  const isCount = typeof windows === 'number' && Number.isInteger(windows);
  return isCount && windows >= 1 && windows <= MOST_WINDOWS ? windows : undefined;
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
    if (error instanceof PathError) return [{ at: [member], message: `"${member}": ${error.message}` }];
    throw error;
  }
}
