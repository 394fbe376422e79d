import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import { readSeriesParams, type ParamsProblem, type SeriesQuestion } from '../memory/series-params.js';
import type { Measure } from '../memory/stateful-facts.js';
import type { Checked } from './check-context.js';
import { checkOn } from './check-on.js';
import { checkEventPath, checkPer, type GivenPer } from './check-per.js';
import type { Path } from './jsonc-document.js';
import { error, warning, type Problem } from './problem.js';
import { SERIES_MEMBERS } from './series-members.js';

/** Stands for the types that are missing, so that all else is looked at too. */
const ANY_TYPE = ['*'];

/** Checks the `params` of a fact that remembers; `at` leads to the comparison that they belong to. */
export function checkSeries(checked: Checked, measure: Measure, params: unknown, at: Path): Problem[] {
  const inside = [...at, 'params'];
  const isNamed = isJsonObject(params) && params['on'] !== undefined;
  const nameless = checked.on === undefined && !isNamed ? [eventsMissing(checked, measure, inside)] : [];
  const read = readSeriesParams(measure, params, checked.on ?? ANY_TYPE);
  if ('problems' in read) return [...nameless, ...read.problems.map((each) => placed(checked, each, inside))];
  return [...nameless, ...checkQuestion(checked, read.question, isJsonObject(params) ? params : {}, inside)];
}

function eventsMissing({ document, isScheduled }: Checked, measure: Measure, at: Path): Problem {
  const where = isScheduled === true ? 'a rule with "every"' : 'a shared condition';
  const message = `in ${where} the fact "${measure}" needs "on" in its "params": the events that it looks at`;
  return document.at(at, error('params.on', message));
}

function placed({ document }: Checked, { at, message, suggestion }: ParamsProblem, inside: Path): Problem {
  const [member] = at;
  const finding = error('params.invalid', message, suggestion);
  const isStranger = member !== undefined && !Object.hasOwn(SERIES_MEMBERS, member);
  return isStranger
    ? document.atName([...inside, member], finding)
    : document.at([...inside, ...at], finding);
}

function checkQuestion(
  checked: Checked,
  { measure, per, of }: SeriesQuestion,
  params: JsonObject,
  inside: Path,
): Problem[] {
  const { document, isScheduled = false } = checked;
  const { on, per: keys } = params;
  const counted = countedBy(checked, params);
  const problems: Problem[] = [];
  if (on !== undefined) problems.push(...checkOn(document, on as GivenTypes, [...inside, 'on']).problems);
  if (keys !== undefined) {
    const keyed = { ...counted, isScheduled };
    problems.push(...checkPer(keyed, keys as GivenPer, [...inside, 'per']));
  }
  if (of !== undefined) problems.push(...checkEventPath(counted, of, [...inside, 'of']));
  if (per.length === 0 && (measure === 'previous' || measure === 'changed')) {
    const message = `without "per" the fact "${measure}" compares with the last event of anybody: if the lead's own is meant, add "per": "leadId"`;
    problems.push(document.at(inside, warning('trap.without-per', message)));
  }
  return problems;
}

/** The events that a fact that remembers looks at, each of them alone; not those of the rule that asks. */
export function countedBy({ document, context, types }: Checked, { on }: JsonObject): Checked {
  const own = types === undefined ? {} : { types };
  const covered = isGivenTypes(on) ? checkOn(document, on, []).covered : own;
  return { document, context, ...covered, alone: 'where' };
}

type GivenTypes = string | readonly string[];

function isGivenTypes(on: unknown): on is GivenTypes {
  const entries: unknown = typeof on === 'string' ? [on] : on;
  return Array.isArray(entries) && entries.every((entry) => typeof entry === 'string');
}
