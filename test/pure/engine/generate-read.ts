import type { JsonObject } from '../../../src/contracts/json.js';
import { STATEFUL_FACTS, type Measure } from '../../../src/rules/memory/stateful-facts.js';
import type { Chance } from './seeded.js';
import { ENTRIES } from './values.js';

const PATHS = [
  ...['$.country', '$.state', '$.score', "$['a b']", '$["a b"]', '$.tags', '$.tags[0]', '$.tags.length'],
  ...['$.nested', '$.nested.country', "$.nested['a b']", '$.nested.tags[1]', '$.missing', '$.missing.more'],
  ...['$.constructor', '$.country.length', '$.country[0]', '$.toString', '$', 'country', '$.length', '$[0]'],
  ...['', '$.id', '$.leadScore'],
];

/** Facts that any of those paths may be asked of. */
const FACTS = [
  ...['data', 'data', 'data', 'lead', 'lead', 'attributes', 'event', 'type', 'leadId', 'munchkinId', 'time'],
];
const NOW_PATHS = ['$.hour', '$.minute', '$.weekday', '$.date'];
const USAGE_PATHS = ['$.used', '$.percent', '$.topUser', '$.limit', '$'];

/** What a condition looks at. One that is shared by rules has no types that it could leave out. */
export function generateRead(chance: Chance, isShared: boolean): JsonObject {
  if (chance.happens(0.2)) return generateQuestion(chance, isShared);
  if (chance.happens(0.05)) return { fact: 'now', path: chance.pick(NOW_PATHS) };
  if (chance.happens(0.05)) return { fact: 'usage', path: chance.pick(USAGE_PATHS) };
  const fact = chance.happens(0.05) ? 'unknown' : chance.pick(FACTS);
  const path = chance.happens(0.85) ? { path: chance.pick(PATHS) } : {};
  return { fact, ...path, ...(chance.happens(0.1) && { params: { any: 1 } }) };
}

/** A stateful fact with its params. */
function generateQuestion(chance: Chance, isShared: boolean): JsonObject {
  const measure = chance.pick(Object.keys(STATEFUL_FACTS) as Measure[]);
  const { needsOf } = STATEFUL_FACTS[measure];
  const where = { all: [{ fact: 'data', path: '$.score', operator: 'greaterThan', value: 5 }] };
  const params = {
    within: chance.pick(['1h', '24h', '7d']),
    ...((isShared || chance.happens(0.5)) && { on: chance.pick(ENTRIES) }),
    ...(chance.happens(0.7) && { per: chance.pick(['leadId', ['leadId', 'data.country']]) }),
    ...(chance.happens(0.3) && { where }),
    ...(needsOf && { of: chance.pick(['data.score', "attributes['New Value']"]) }),
    ...(measure === 'spike' && chance.happens(0.5) && { windows: 3 }),
  };
  return { fact: measure, params, ...(chance.happens(0.1) && { path: '$.length' }) };
}
