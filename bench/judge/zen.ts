import { ZenDecisionContent, ZenEngine } from '@gorules/zen-engine';
import { byType, type Contender } from './contender.js';
import type { BenchRule, Test } from './workload.js';

const OPERATORS = {
  equal: '',
  greaterThan: '> ',
  greaterThanInclusive: '>= ',
  lessThan: '< ',
} as const;

/** A decision table a type, a row a rule, compiled once; it decides on threads of its own, and answers promises only. */
export const ZEN: Contender = {
  name: 'GoRules Zen, a table a type',
  atOnce: 16,
  build: (rules) => {
    const engine = new ZenEngine();
    const tables = new Map(
      [...byType(rules)].map(([type, ofType]) => {
        return [type, engine.createDecision(new ZenDecisionContent(tableOf(ofType)))];
      }),
    );
    return async ({ type, data, attributes }) => {
      const answer = await tables.get(type)?.evaluate({ data, attributes });
      return answer === undefined ? 0 : (answer.result as unknown[]).length;
    };
  },
};

function tableOf(rules: readonly BenchRule[]): object {
  const fields = [...new Set(rules.flatMap(({ tests }) => tests.map(({ path }) => path)))];
  const rows = rules.map(({ id, tests }) => ({
    _id: id,
    id: JSON.stringify(id),
    ...Object.fromEntries(fields.map((field) => [field, cellOf(tests.filter(({ path }) => path === field))])),
  }));
  const table = {
    hitPolicy: 'collect',
    inputs: fields.map((field) => ({ id: field, name: field, type: 'expression', field })),
    outputs: [{ id: 'id', name: 'id', type: 'expression', field: 'id' }],
    rules: rows,
  };
  return {
    nodes: [
      { id: 'in', name: 'in', type: 'inputNode', position: { x: 0, y: 0 } },
      { id: 'table', name: 'table', type: 'decisionTableNode', content: table, position: { x: 1, y: 0 } },
      { id: 'out', name: 'out', type: 'outputNode', position: { x: 2, y: 0 } },
    ],
    edges: [
      { id: 'a', type: 'edge', sourceId: 'in', targetId: 'table' },
      { id: 'b', type: 'edge', sourceId: 'table', targetId: 'out' },
    ],
  };
}

/** An empty cell is true of everything. */
function cellOf(tests: readonly Test[]): string {
  return tests
    .map(({ operator, value }) => {
      const literal = JSON.stringify(value);
      return operator === 'startsWith' ? `startsWith($, ${literal})` : `${OPERATORS[operator]}${literal}`;
    })
    .join(' and ');
}
