import type { JsonObject } from '../../../src/contracts/json.js';
import { DECORATORS } from '../../../src/rules/engine/decorators.js';
import { OPERATORS } from '../../../src/rules/engine/operators.js';
import { isMeasure, STATEFUL_FACTS } from '../../../src/rules/memory/stateful-facts.js';
import type { ConditionNode } from '../../../src/rules/rule.js';
import { generateRead } from './generate-read.js';
import type { Chance } from './seeded.js';
import { generateValue, LISTS, SCALARS } from './values.js';

/** A comparison of some fact with some operator, decorated now and then. */
export function generateTest(chance: Chance, isShared: boolean): ConditionNode {
  const operator = chance.happens(0.3) ? chance.pick(['equal', 'in']) : chance.pick([...OPERATORS.keys()]);
  const decorator = (): string => chance.pick(Object.keys(DECORATORS));
  const decorators = chance.happens(0.3) ? [...chance.list(1, decorator), decorator()] : [];
  const left = generateLeft(chance, operator, decorators) ?? generateRead(chance, isShared);
  if (isYesOrNo(left['fact']) && chance.happens(0.6))
    return { ...left, operator: 'equal', value: chance.happens(0.5) };
  return {
    ...left,
    operator: [...decorators, operator].join(':'),
    value: chance.happens(0.1) ? generateRead(chance, isShared) : right(chance, operator, decorators),
  };
}

/** Now and then a left side of the kind that the operator is made for, which chance alone would rarely find. */
function generateLeft(
  chance: Chance,
  operator: string,
  decorators: readonly string[],
): JsonObject | undefined {
  if (chance.happens(0.5)) return undefined;
  const isOverEntries = decorators.some((decorator) => decorator.endsWith('Fact'));
  const kind = isOverEntries ? 'list' : OPERATORS.get(operator)?.fact;
  if (kind === 'list') return { fact: 'data', path: '$.tags' };
  return kind === 'time' ? { fact: 'data', path: '$.when' } : undefined;
}

function isYesOrNo(fact: unknown): boolean {
  return typeof fact === 'string' && isMeasure(fact) && STATEFUL_FACTS[fact].gives === 'boolean';
}

/** Comparisons that many rules make of the same few facts: an index can go by those of which the event alone tells. */
export function generateCommonTests(chance: Chance): ConditionNode[] {
  const score = { fact: 'data', path: '$.score' };
  const country = { fact: 'data', path: '$.country' };
  const state = { fact: 'data', path: '$.state' };
  const prefix = chance.pick(['ca', 'US', 'Un', 'οδ', 'CALI', 'ΟΔΟΣ']);
  const count = { fact: 'count', params: { on: 'marketo.*', within: '24h' } };
  const time = chance.pick(['2026-01-30', '2026-01-31', '2026-02-01']);
  return chance.pick<ConditionNode[]>([
    [
      { ...score, operator: 'greaterThanInclusive', value: chance.below(10) },
      { ...score, operator: 'lessThan', value: chance.below(80) },
    ],
    [{ ...score, operator: 'between', value: [chance.below(6), 5 + chance.below(20)] }],
    [{ ...score, operator: 'between', value: [5, 5 + 2 * chance.below(3)] }],
    [{ ...country, fact: 'lead', operator: 'equal', value: chance.pick(['US', 'CA', 5]) }],
    [{ ...count, operator: 'greaterThan', value: chance.below(10) }],
    [{ ...country, operator: 'startsWith', value: prefix }],
    [{ ...country, operator: 'equalIgnoreCase', value: chance.pick(['us', 'CA']) }],
    [{ ...state, operator: chance.pick(['before', 'after']), value: time }],
    [{ ...state, operator: 'between', value: ['2026-01-30', '2026-02-01'] }],
  ]);
}

/** A right side that suits the operator, and now and then one that does not. */
function right(chance: Chance, operator: string, decorators: readonly string[]): unknown {
  const { value: kind, added } = OPERATORS.get(operator) ?? {};
  if (decorators.some((decorator) => decorator.endsWith('Value')) && chance.happens(0.9))
    return chance.list(3, () => right(chance, operator, []));
  if (chance.happens(0.05) && added === false) return generateValue(chance, 1);
  switch (kind) {
    case 'list or text':
      return chance.happens(0.9) ? chance.list(12, () => chance.pick(SCALARS)) : 'US, CA';
    case 'boolean':
      return chance.happens(0.5);
    case 'text':
      return chance.pick(['ca', 'us', 'United', 'states', 'o', '']);
    case 'number':
      return chance.pick([0, 5, 7, '7', 100]);
    case 'range':
      return chance.pick([
        [0, 7],
        [5, 5],
        ['2026-01-01', '2026-01-31T09:00:00Z'],
      ]);
    case 'time':
      return chance.pick(['2026-01-31', '2026-01-31T09:00:00Z']);
    case 'duration':
      return chance.pick(['2h', '1d', '24h', '27h', '2w']);
    case 'pattern':
      return chance.pick(['^C', '(?i)ca$', '\\d+']);
    case 'list name':
      return chance.pick(Object.keys(LISTS));
    default:
      return chance.happens(0.8) ? chance.pick(SCALARS) : generateValue(chance, 1);
  }
}
