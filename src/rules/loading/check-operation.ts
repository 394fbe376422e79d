import { nearest } from '../../contracts/nearest.js';
import { isFactReference } from '../engine/condition.js';
import { DECORATORS } from '../engine/decorators.js';
import type { Operator } from '../engine/operator.js';
import { findOperator, OPERATORS, swapsLiteral } from '../engine/operators.js';
import type { Branch, Checked } from './check-context.js';
import { TEXT_FACTS } from './check-field-name.js';
import { fieldKey } from './guards.js';
import { NOTHING } from './no-event.js';
import { boundedBy } from './number-traps.js';
import { error, warning, type Finding, type Problem } from './problem.js';

type Leaf = Readonly<Record<string, unknown>>;

/** Checks the operator and the value of a comparison, and the traps of the two together. */
export function checkOperation(checked: Checked, leaf: Leaf, branch: Branch): Problem[] {
  const { document } = checked;
  const { operator: name, value } = leaf;
  const operatorPath = [...branch.path, 'operator'];
  const valuePath = [...branch.path, 'value'];
  const operator = typeof name === 'string' ? findOperator(name) : undefined;
  if (typeof name !== 'string' || operator === undefined) {
    return [document.at(operatorPath, unknownOperator(name))];
  }
  if (swapsLiteral(name, operator)) {
    const message = `"swap:" cannot stand before "${baseOf(name)}": its value must stand in the rule`;
    return [document.at(operatorPath, error('operator.swap', message))];
  }
  if (isFactReference(value)) {
    if (operator.literalOnly !== true) return [];
    const message = `the value of "${baseOf(name)}" must stand in the rule, it cannot be another fact`;
    return [document.at(valuePath, error('operator.value', message))];
  }
  const wrong = wrongValue(checked, name, operator, value);
  if (wrong !== undefined) return [document.at(valuePath, wrong)];
  return [
    ...typeTraps(leaf).map((finding) => document.at(valuePath, finding)),
    ...missingFieldTrap(checked, operator, leaf, branch).map((finding) => document.at(operatorPath, finding)),
  ];
}

function baseOf(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

function unknownOperator(name: unknown): Finding {
  if (typeof name !== 'string')
    return error('operator.unknown', '"operator" must be the name of an operator');
  const decorators = name.split(':');
  const base = decorators.pop() ?? '';
  const mended = [
    ...decorators.map((word) =>
      Object.hasOwn(DECORATORS, word) ? word : nearest(word, Object.keys(DECORATORS)),
    ),
    OPERATORS.has(base) ? base : nearest(base, OPERATORS.keys()),
  ];
  const suggestion = mended.includes(undefined) ? undefined : mended.join(':');
  return error('operator.unknown', `unknown operator "${name}"`, suggestion);
}

function wrongValue(
  { context }: Checked,
  name: string,
  operator: Operator,
  value: unknown,
): Finding | undefined {
  const base = baseOf(name);
  // json-rules-engine throws for these on every event.
  if (!name.includes('swap:') && operator.mayThrow?.(value) === true) {
    return error('operator.value', `"${name}": the value must be a list`);
  }
  const problem = operator.problem?.(value, context.lists);
  if (problem === undefined) return undefined;
  const isUnknownList = base === 'inList' && typeof value === 'string';
  const suggestion = isUnknownList ? nearest(value, context.lists.keys()) : undefined;
  return error(isUnknownList ? 'list.unknown' : 'operator.value', `"${base}": ${problem}`, suggestion);
}

const COMPARISONS = new Set(['lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive']);
const EQUALITIES = new Set(['equal', 'notEqual', 'in', 'notIn', 'contains', 'doesNotContain']);
const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)\s*$/;

function typeTraps(leaf: Leaf): Finding[] {
  const { fact, operator, value } = leaf;
  const base = baseOf(String(operator));
  if ((base === 'in' || base === 'notIn') && typeof value === 'string' && base === operator) {
    const message = `"${base}" with a text looks for a part of "${value}", not for the whole: write ["${value}"]`;
    return [warning('trap.part-of-text', message)];
  }
  if (COMPARISONS.has(base) && typeof value !== 'number') return [comparisonTrap(base, value)];
  return EQUALITIES.has(base) && boundedBy(leaf) === undefined ? equalityTraps(String(fact), value) : [];
}

function comparisonTrap(base: string, value: unknown): Finding {
  if (typeof value === 'string' && NUMBER.test(value)) {
    const message = `"${base}" compares with the text "${value}", letter by letter where the field is a text too: write ${Number(value)}`;
    return warning('trap.number-as-text', message);
  }
  return warning('trap.not-a-number', `"${base}" is for numbers; for times there are "before" and "after"`);
}

/** No coercion in json-rules-engine's equality: `"7"` is not `7`, and senders use both. */
function equalityTraps(fact: string, value: unknown): Finding[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (TEXT_FACTS.has(fact)) {
    const number = values.find((each): each is number => typeof each === 'number');
    if (number === undefined) return [];
    return [
      warning('trap.text-as-number', `"${fact}" is always a text, never the number: write "${number}"`),
    ];
  }
  const text = values.find((each) => isNumericText(each) && !values.includes(Number(each)));
  if (text === undefined) return [];
  const both = `"operator": "in", "value": [${JSON.stringify(text)}, ${Number(text)}]`;
  const message = `the text ${JSON.stringify(text)} is not equal to the number ${Number(text)}: if the field may be either, write ${both}`;
  return [warning('trap.number-as-text', message)];
}

function isNumericText(value: unknown): value is string {
  return typeof value === 'string' && NUMBER.test(value);
}

const ALWAYS_THERE = new Set([
  ...['event', 'type', 'time', 'data', 'attributes', 'lead', 'now'],
  ...['count', 'distinct', 'sum', 'changed', 'firstSeen'],
]);
const ALWAYS_WHOLE = new Set(['now', ...TEXT_FACTS]);

/** Found by asking: what does this comparison say of a field that is not there? */
function missingFieldTrap({ context }: Checked, operator: Operator, leaf: Leaf, branch: Branch): Finding[] {
  const { fact, path, operator: name, value } = leaf;
  const canBeMissing = path !== undefined ? !ALWAYS_WHOLE.has(String(fact)) : !ALWAYS_THERE.has(String(fact));
  const isAboutPresence = OPERATORS.get(baseOf(String(name)))?.value === 'boolean';
  if (!canBeMissing || isAboutPresence || branch.isNegated || branch.guards.has(fieldKey(leaf))) return [];
  if (!saysYes(operator, value, context.lists)) return [];
  const message = `"${String(name)}" is also true when the field is missing: if that is not meant, add a condition with "operator": "exists", "value": true for it to the same "all"`;
  return [warning('trap.missing-field', message)];
}

function saysYes(operator: Operator, value: unknown, lists: Checked['context']['lists']): boolean {
  try {
    return operator.bind(value, lists)(undefined, NOTHING);
  } catch {
    return false;
  }
}
