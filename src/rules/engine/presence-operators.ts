import { isJsonObject } from '../../contracts/json.js';
import type { OperatorEntry } from './operator.js';

/** Adobe leaves empty fields out of one shape and sends null in another: here both are missing. */
function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}

function isEmpty(value: unknown): boolean {
  if (isMissing(value)) return true;
  if (typeof value === 'string') return value.trim() === '';
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.keys(value).length === 0;
}

function yesOrNo(test: (value: unknown) => boolean, doc: string): OperatorEntry {
  return {
    fact: 'any',
    value: 'boolean',
    added: true,
    doc,
    bind: (right) => (typeof right === 'boolean' ? (left) => test(left) === right : () => false),
    problem: (value) => (typeof value === 'boolean' ? undefined : 'the value must be true or false'),
  };
}

export const PRESENCE_OPERATORS: Readonly<Record<string, OperatorEntry>> = {
  exists: yesOrNo(
    (value) => !isMissing(value),
    'With true: the field is there, an empty text included. With false: it is missing or null.',
  ),
  isEmpty: yesOrNo(
    isEmpty,
    'With true: the field is missing, null, a text without a visible sign, or an empty list or object. ' +
      'With false: it holds something; 0 and false are something.',
  ),
};
