import type { JsonObject } from '../../contracts/json.js';
import { nearest } from '../../contracts/nearest.js';
import { parsePath, PathError } from '../engine/path.js';
import { isMeasure, STATEFUL_FACTS } from '../memory/stateful-facts.js';
import type { Checked } from './check-context.js';
import { checkFieldName } from './check-field-name.js';
import { NO_LEAD } from './check-per.js';
import type { Path } from './jsonc-document.js';
import { beyondEvent, FACT_MEMBERS, KNOWN_FACTS } from './known-facts.js';
import { error, warning, type Problem } from './problem.js';

/** Checks what a comparison looks at: `fact` and `path`. The `params` of a fact that remembers have a check of their own. */
export function checkField(checked: Checked, { fact, path, params }: JsonObject, at: Path): Problem[] {
  const { document } = checked;
  if (typeof fact !== 'string' || !KNOWN_FACTS.has(fact)) {
    return [document.at([...at, 'fact'], unknownFact(fact))];
  }
  const problems = checkFact(checked, fact, [...at, 'fact']);
  if (params !== undefined && !isMeasure(fact)) {
    const message = `the fact "${fact}" takes no "params": they have no effect`;
    problems.push(document.atName([...at, 'params'], warning('fact.params', message)));
  }
  return [...problems, ...checkPath(checked, fact, path, at)];
}

function checkFact({ document, alone, isScheduled = false }: Checked, fact: string, at: Path): Problem[] {
  const reason = alone === undefined ? undefined : beyondEvent(fact);
  if (alone !== undefined && reason !== undefined) {
    const message = `"${alone}" looks at one event alone, and the fact "${fact}" goes beyond that: ${reason}`;
    return [document.at(at, error('fact.beyond-event', message))];
  }
  if (!isScheduled || (fact !== 'lead' && fact !== 'leadId')) return [];
  return [document.at(at, warning('every.lead', NO_LEAD))];
}

function checkPath(checked: Checked, fact: string, path: unknown, at: Path): Problem[] {
  const { document } = checked;
  const place = [...at, 'path'];
  const members = FACT_MEMBERS.get(fact);
  const names = path === undefined ? [] : namesAlong(path);
  if (typeof names === 'string') return [document.at(place, error('path.invalid', names))];
  if (members !== undefined && names.length === 0) {
    const message = `the fact "${fact}" is several things: choose one with "path", such as "$.${String([...members][0])}"`;
    return [document.at(at, warning('path.missing', message))];
  }
  if (path === undefined) return [];
  const problems: Problem[] = [];
  if (typeof path === 'string' && !path.startsWith('$')) {
    const message = `a path begins with "$": write "$.${path}"`;
    problems.push(document.at(place, warning('path.no-dollar', message)));
  }
  const [first] = names;
  if (first !== undefined && isMeasure(fact) && STATEFUL_FACTS[fact].gives !== 'any') {
    const kind = STATEFUL_FACTS[fact].gives === 'number' ? 'a number' : 'true or false';
    const message = `the fact "${fact}" is ${kind}: the path has no effect`;
    return [...problems, document.at(place, warning('path.ignored', message))];
  }
  if (members !== undefined && first !== undefined && !members.has(first)) {
    const message = `the fact "${fact}" has no member "${first}"`;
    return [
      ...problems,
      document.at(place, warning('path.unknown-member', message, nearest(first, members))),
    ];
  }
  return [...problems, ...checkFieldName(checked, { fact, names }, place)];
}

function unknownFact(fact: unknown) {
  if (typeof fact !== 'string') return error('fact.unknown', '"fact" must be the name of a fact');
  return error('fact.unknown', `unknown fact "${fact}"`, nearest(fact, KNOWN_FACTS.keys()));
}

function namesAlong(path: unknown): readonly string[] | string {
  if (typeof path !== 'string') return '"path" must be a text such as "$.country"';
  try {
    return parsePath(path);
  } catch (cause) {
    if (cause instanceof PathError) return cause.message;
    throw cause;
  }
}
