import type { JsonObject } from '../../../src/contracts/json.js';
import type { Chance } from './seeded.js';

export const TYPES = [
  'marketo.activity.newlead',
  'marketo.activity.changedatavalue',
  'marketo.activity.changescore',
  'marketo.audit.user.email',
  'com.acme.order.placed',
];

/** Entries of `on`. */
export const ENTRIES = [
  ...TYPES,
  'marketo.activity.*',
  'marketo.*',
  '*',
  'com.acme.order.pl*',
  'com.*.order.placed',
];

export const SCALARS: readonly unknown[] = [
  ...['CA', 'ca', 'US', 'United States', '', ' ', '5', '10 %', '7', 'newlead', 'undefined'],
  ...['Director of Ops', 'ΟΔΟΣ', 'CALIFORNIA'],
  ...[0, 5, 7, 10, -1, 2.5, 60, true, false, null],
  ...['2026-01-31T09:00:00Z', '2026-01-30', '2026-02-01 10:00:00.123', '2026-02-30', '2026-02-01T11:00:00Z'],
];

/** Names of members in events and of fields of people. */
const MEMBERS = ['country', 'state', 'score', 'a b', 'tags', 'nested', 'length', 'constructor', '0'];

export const LISTS = { states: ['CA', 'NY', '7'], numbers: [5, 7] };

/** An object with some of the members that rules ask for. */
export function generateObject(chance: Chance, depth: number): JsonObject {
  const names = MEMBERS.filter(() => chance.happens(0.6));
  return Object.fromEntries(names.map((name) => [name, generateMember(chance, name, depth)]));
}

export function generateValue(chance: Chance, depth: number): unknown {
  if (depth === 0 || chance.happens(0.8)) return chance.pick(SCALARS);
  if (chance.happens(0.5)) return chance.list(3, () => generateValue(chance, depth - 1));
  return generateObject(chance, depth - 1);
}

function generateMember(chance: Chance, name: string, depth: number): unknown {
  if (name === 'tags') return chance.list(3, () => generateValue(chance, 0));
  if (name === 'country' && chance.happens(0.5)) return chance.pick(['US', 'CA']);
  return name === 'nested' && depth > 0
    ? generateObject(chance, depth - 1)
    : generateValue(chance, name === 'score' ? 1 : depth);
}
