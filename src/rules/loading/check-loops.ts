import { ACTION_SCHEMAS } from '../../actions/action-schemas.js';
import { canonicalField } from '../../catalogue/lead-field-names.js';
import { isJsonObject, type JsonObject } from '../../contracts/json.js';
import { plainValue, type OwnActivity } from '../../contracts/own-write.js';
import { typeMatches } from '../engine/type-pattern.js';
import { MOST_CAUSES } from '../loop-guard/stops.js';
import type { RuleFile } from '../rule-schema.js';
import type { Checked } from './check-context.js';
import { warning, type Problem } from './problem.js';

/** Members of an activity that name what it is about: an id. */
const IDS = new Set(['primaryAttributeValueId', 'List ID', 'Program ID', 'Campaign ID']);

/** Those that name a field. */
const FIELDS = new Set(['primaryAttributeValue', 'Attribute Name', 'Score Name']);

/** Warns of actions that make an event which the rule itself is `on`. */
export function checkLoops(checked: Checked, source: RuleFile): Problem[] {
  return source.actions.flatMap((action, index) => {
    const at = ['actions', index];
    return action.type === 'emit'
      ? checkEmit(checked, action.params, at)
      : checkWrite(checked, action, source, at);
  });
}

type Path = readonly (string | number)[];

function checkEmit({ document, on = [] }: Checked, { type: emitted }: JsonObject, at: Path): Problem[] {
  if (typeof emitted !== 'string' || !covers(on, emitted)) return [];
  const message = `"emit" makes ${emitted}, which this rule is "on": it could fire itself, ${MOST_CAUSES} times at most`;
  return [document.at([...at, 'params', 'type'], warning('action.loop', message))];
}

function checkWrite(
  { document, types = [] }: Checked,
  { type, params }: RuleFile['actions'][number],
  { conditions, reactToOwnWrites }: RuleFile,
  at: Path,
): Problem[] {
  const writes = ACTION_SCHEMAS.get(type)?.writes;
  const made = writes?.of(params).activities ?? [];
  const echo = made.find((each) => types.includes(each.type) && !isRuledOut(conditions, each));
  if (echo === undefined) return [];
  const back = `"${type}" makes Marketo write ${echo.type}, which this rule is "on"`;
  const message =
    reactToOwnWrites === true
      ? `${back}: since it reacts to its own writes it could fire itself, ${MOST_CAUSES} times at most`
      : `${back}: it does not fire on what it wrote itself, unless it says "reactToOwnWrites": true`;
  return [document.at([...at, 'type'], warning('action.loop', message))];
}

/** False where `on` cannot be read, which is told of already. */
function covers(on: readonly string[], type: string): boolean {
  try {
    return typeMatches(on, type);
  } catch {
    return false;
  }
}

/** True where a condition says that the activity is about something else than what is written. */
function isRuledOut(node: unknown, made: OwnActivity): boolean {
  if (!isJsonObject(node) || made.what === '' || made.what.includes('{')) return false;
  const { all, any, path, operator, value } = node;
  if (Array.isArray(all)) return all.some((each) => isRuledOut(each, made));
  if (Array.isArray(any)) return any.length > 0 && any.every((each) => isRuledOut(each, made));
  if (typeof path !== 'string' || (operator !== 'equal' && operator !== 'in')) return false;
  const member = /^\$(?:\.(\w+)|\[["'](.+)["']\])$/.exec(path)?.slice(1).find(Boolean) ?? '';
  const named = (Array.isArray(value) ? value : [value]) as readonly unknown[];
  if (IDS.has(member)) return isId(made.what) && !named.some((each) => plainValue(each) === made.what);
  if (FIELDS.has(member))
    return !isId(made.what) && !named.some((each) => canonicalField(plainValue(each)) === made.what);
  return false;
}

function isId(what: string): boolean {
  return /^\d+$/.test(what);
}
