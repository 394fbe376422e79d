import { DECORATORS } from './decorators.js';
import type { Operator, OperatorEntry } from './operator.js';
import { PRESENCE_OPERATORS } from './presence-operators.js';
import { STANDARD_OPERATORS } from './standard-operators.js';
import { TEXT_OPERATORS } from './text-operators.js';
import { TIME_OPERATORS } from './time-operators.js';

/** Every operator by name, for the compiler, the checker, the explanation and the reference. */
export const OPERATORS: ReadonlyMap<string, OperatorEntry> = new Map(
  Object.entries({ ...STANDARD_OPERATORS, ...PRESENCE_OPERATORS, ...TEXT_OPERATORS, ...TIME_OPERATORS }),
);

/** The operator that a name stands for, its decorators applied; undefined when there is none of that name. */
export function findOperator(name: string): Operator | undefined {
  const words = name.split(':');
  let operator: Operator | undefined = OPERATORS.get(words.pop() ?? '');
  for (const word of words.reverse()) {
    if (operator === undefined || !Object.hasOwn(DECORATORS, word)) return undefined;
    operator = DECORATORS[word]?.decorate(operator);
  }
  return operator;
}

/** True when `swap:` stands before an operator whose right side must be written in the rule. */
export function swapsLiteral(name: string, operator: Operator): boolean {
  return operator.literalOnly === true && name.split(':').includes('swap');
}
