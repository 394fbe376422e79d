import { Engine } from 'json-rules-engine';
import type { CanonicalEvent } from '../../src/contracts/event.js';
import { byType, type Contender } from './contender.js';
import { asRule, type BenchRule } from './workload.js';

/** It has no `on`: the type is one more condition, as its users write it. Runs of one Engine must not overlap. */
export const ONE_ENGINE: Contender = {
  name: 'json-rules-engine, one Engine',
  atOnce: 1,
  build: (rules) => {
    const engine = engineOf(rules);
    return (event) => run(engine, event);
  },
};

export const ENGINE_A_TYPE: Contender = {
  name: 'json-rules-engine, an Engine a type',
  atOnce: 1,
  build: (rules) => {
    const engines = new Map([...byType(rules)].map(([type, ofType]) => [type, engineOf(ofType)]));
    return (event) => {
      const engine = engines.get(event.type);
      return engine === undefined ? 0 : run(engine, event);
    };
  },
};

function engineOf(rules: readonly BenchRule[]): Engine {
  const engine = new Engine([], { allowUndefinedFacts: true });
  engine.addOperator<string, string>('startsWith', (fact, value) => fact.startsWith(value));
  for (const rule of rules) {
    const type = { fact: 'type', operator: 'equal', value: rule.type };
    const tests = asRule(rule).conditions['all'] as (typeof type)[];
    engine.addRule({ conditions: { all: [type, ...tests] }, event: { type: rule.id } });
  }
  return engine;
}

async function run(engine: Engine, { type, data, attributes }: CanonicalEvent): Promise<number> {
  const { events } = await engine.run({ type, data, attributes });
  return events.length;
}
