import type { JsonObject } from '../../contracts/json.js';
import { nearest } from '../../contracts/nearest.js';
import { FACTS } from '../engine/facts.js';
import { parsePath, PathError } from '../engine/path.js';
import { FACTS_TO_COME } from '../rule-schema.js';
import type { Checked } from './check-context.js';
import { checkFieldName } from './check-field-name.js';
import type { Path } from './jsonc-document.js';
import { error, warning, type Problem } from './problem.js';

/** Checks what a comparison looks at: `fact` and `path`. */
export function checkField(checked: Checked, { fact, path, params }: JsonObject, at: Path): Problem[] {
  const { document } = checked;
  const problems: Problem[] = [];
  if (typeof fact !== 'string' || !FACTS.has(fact)) {
    return [document.at([...at, 'fact'], unknownFact(fact))];
  }
  if (params !== undefined) {
    const message = `the fact "${fact}" takes no "params": they have no effect`;
    problems.push(document.atName([...at, 'params'], warning('fact.params', message)));
  }
  if (path === undefined) return problems;
  const names = namesAlong(path);
  const place = [...at, 'path'];
  if (typeof names === 'string') return [...problems, document.at(place, error('path.invalid', names))];
  if (typeof path === 'string' && !path.startsWith('$')) {
    const message = `a path begins with "$": write "$.${path}"`;
    problems.push(document.at(place, warning('path.no-dollar', message)));
  }
  return [...problems, ...checkFieldName(checked, { fact, names }, place)];
}

function unknownFact(fact: unknown) {
  if (typeof fact !== 'string') return error('fact.unknown', '"fact" must be the name of a fact');
  if (FACTS_TO_COME.has(fact)) {
    return error('fact.not-yet', `this version of Signalman does not know the fact "${fact}" yet`);
  }
  return error('fact.unknown', `unknown fact "${fact}"`, nearest(fact, FACTS.keys()));
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
