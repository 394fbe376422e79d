import { LogicEngine } from 'json-logic-engine';
import { byType, type Contender } from './contender.js';
import type { Test } from './workload.js';

const OPERATORS = {
  equal: '===',
  greaterThan: '>',
  greaterThanInclusive: '>=',
  lessThan: '<',
} as const;

/** Each rule compiled once to a function, those of the event's type called one after the other. */
export const JSON_LOGIC: Contender = {
  name: 'json-logic-engine, compiled, by type',
  atOnce: 1,
  build: (rules) => {
    const engine = new LogicEngine();
    const types = new Map(
      [...byType(rules)].map(([type, ofType]) => [
        type,
        ofType.map(({ tests }) => engine.build({ and: tests.map(logicOf) }) as (event: unknown) => boolean),
      ]),
    );
    return (event) => {
      let matches = 0;
      for (const rule of types.get(event.type) ?? []) if (rule(event)) matches += 1;
      return matches;
    };
  },
};

function logicOf({ path, operator, value }: Test): unknown {
  if (operator !== 'startsWith') return { [OPERATORS[operator]]: [{ var: path }, value] };
  return { '===': [{ substr: [{ var: path }, 0, String(value).length] }, value] };
}
