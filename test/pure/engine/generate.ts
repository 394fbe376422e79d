import type { CanonicalEvent } from '../../../src/contracts/event.js';
import type { JsonObject } from '../../../src/contracts/json.js';
import { DECORATORS } from '../../../src/rules/engine/decorators.js';
import { OPERATORS } from '../../../src/rules/engine/operators.js';
import type { ConditionNode, Rule, RuleSources } from '../../../src/rules/rule.js';
import type { Chance } from './seeded.js';

const TYPES = [
  'marketo.activity.newlead',
  'marketo.activity.changedatavalue',
  'marketo.activity.changescore',
  'marketo.audit.user.email',
  'com.acme.order.placed',
];
const ENTRIES = [
  ...TYPES,
  'marketo.activity.*',
  'marketo.*',
  '*',
  'com.acme.order.pl*',
  'com.*.order.placed',
];

const SCALARS: readonly unknown[] = [
  ...[
    'CA',
    'ca',
    'US',
    'United States',
    '',
    ' ',
    '5',
    '10 %',
    '7',
    'newlead',
    'undefined',
    'Director of Ops',
  ],
  ...[0, 5, 7, 10, -1, 2.5, true, false, null],
  ...['2026-01-31T09:00:00Z', '2026-01-30', '2026-02-01 10:00:00.123', '2026-02-30'],
];
const MEMBERS = ['country', 'state', 'score', 'a b', 'tags', 'nested', 'length', 'constructor', '0'];
const PATHS = [
  ...[
    '$.country',
    '$.state',
    '$.score',
    "$['a b']",
    '$["a b"]',
    '$.tags',
    '$.tags[0]',
    '$.tags.length',
    '$.nested',
  ],
  ...[
    '$.nested.country',
    "$.nested['a b']",
    '$.nested.tags[1]',
    '$.missing',
    '$.missing.more',
    '$.constructor',
  ],
  ...[
    '$.country.length',
    '$.country[0]',
    '$.toString',
    '$',
    'country',
    '$.length',
    '$[0]',
    '',
    '$.id',
    '$.leadScore',
  ],
];
const FACTS = [
  'data',
  'data',
  'data',
  'lead',
  'lead',
  'attributes',
  'event',
  'type',
  'leadId',
  'munchkinId',
  'time',
];
const LISTS = { states: ['CA', 'NY', '7'], numbers: [5, 7] };

/** Rules and events that meet often: both draw from the same few members and values. */
export class Generator {
  constructor(private readonly chance: Chance) {}

  sources(count: number): RuleSources {
    const conditions: Record<string, ConditionNode> = {};
    for (const name of ['one', 'two', 'three']) {
      conditions[name] = this.group(2, Object.keys(conditions));
    }
    const names = Object.keys(conditions);
    const rules = Array.from({ length: count }, (_, index) => this.rule(`rule-${String(index)}`, names));
    return { rules, conditions, lists: LISTS };
  }

  event(): CanonicalEvent {
    const { chance } = this;
    const leadId = chance.happens(0.8) ? { leadId: chance.pick(['7', '5']) } : {};
    const munchkinId = chance.happens(0.8) ? { munchkinId: '123-ABC-456' } : {};
    const lead = chance.happens(0.4) ? { lead: this.object(1) } : {};
    const attributes = { ...this.object(1), ...(chance.happens(0.5) && { 'Attribute Name': 'Lead Score' }) };
    return {
      id: String(chance.below(1_000)),
      type: chance.pick(TYPES),
      connection: 'a-source',
      source: 'urn:test',
      time: '2026-02-01T12:00:00.000Z',
      receivedAt: '2026-02-01T12:00:01.000Z',
      stream: 'lead-activity',
      ...leadId,
      ...munchkinId,
      data: { ...this.object(2), ...lead },
      attributes: { ...attributes, ...(chance.happens(0.5) && { 'New Value': this.value(0) }) },
      oddities: [],
    };
  }

  private rule(id: string, names: readonly string[]): Rule {
    const { chance } = this;
    return {
      id,
      version: '0',
      description: '',
      mode: 'live',
      on: [chance.pick(ENTRIES), ...chance.list(1, () => chance.pick(ENTRIES))],
      conditions: chance.happens(0.05) ? { condition: chance.pick(names) } : this.group(3, names),
      actions: [],
    };
  }

  private group(depth: number, names: readonly string[]): ConditionNode {
    const { chance } = this;
    const kind = chance.pick(['all', 'all', 'any', 'not']);
    if (kind === 'not') return { not: this.condition(depth - 1, names) };
    return { [kind]: chance.list(4, () => this.condition(depth - 1, names)) };
  }

  private condition(depth: number, names: readonly string[]): ConditionNode {
    const { chance } = this;
    const priority = chance.happens(0.2) ? { priority: chance.pick([1, 2, 50]) } : {};
    if (names.length > 0 && chance.happens(0.08)) return { condition: chance.pick(names), ...priority };
    if (depth > 0 && chance.happens(0.3)) return { ...this.group(depth, names), ...priority };
    return { ...this.test(), ...priority };
  }

  private test(): ConditionNode {
    const { chance } = this;
    const operator = chance.happens(0.4) ? chance.pick(['equal', 'in']) : chance.pick([...OPERATORS.keys()]);
    const decorators = chance.happens(0.3)
      ? [...chance.list(1, () => this.decorator()), this.decorator()]
      : [];
    const reads = this.read();
    return {
      ...reads,
      operator: [...decorators, operator].join(':'),
      value: chance.happens(0.1) ? this.read() : this.right(operator, decorators),
      ...(chance.happens(0.1) && { params: { any: 1 } }),
    };
  }

  private decorator(): string {
    return this.chance.pick(Object.keys(DECORATORS));
  }

  private read(): JsonObject {
    const { chance } = this;
    const fact = chance.happens(0.05) ? 'unknown' : chance.pick(FACTS);
    return { fact, ...(chance.happens(0.85) && { path: chance.pick(PATHS) }) };
  }

  /** A right side that suits the operator, and now and then one that does not. */
  private right(operator: string, decorators: readonly string[]): unknown {
    const { chance } = this;
    if (decorators.some((decorator) => decorator.endsWith('Value')) && chance.happens(0.9)) {
      return chance.list(3, () => this.right(operator, []));
    }
    if (chance.happens(0.05) && OPERATORS.get(operator)?.added === false) return this.value(1);
    switch (OPERATORS.get(operator)?.value) {
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
        return chance.pick(['1d', '24h', '27h', '2w']);
      case 'pattern':
        return chance.pick(['^C', '(?i)ca$', '\\d+']);
      case 'list name':
        return chance.pick(Object.keys(LISTS));
      default:
        return chance.happens(0.8) ? chance.pick(SCALARS) : this.value(1);
    }
  }

  private object(depth: number): JsonObject {
    const { chance } = this;
    return Object.fromEntries(
      MEMBERS.filter(() => chance.happens(0.6)).map((name) => [name, this.member(name, depth)]),
    );
  }

  private member(name: string, depth: number): unknown {
    if (name === 'tags') return this.chance.list(3, () => this.value(0));
    return name === 'nested' && depth > 0 ? this.object(depth - 1) : this.value(depth);
  }

  private value(depth: number): unknown {
    const { chance } = this;
    if (depth === 0 || chance.happens(0.8)) return chance.pick(SCALARS);
    return chance.happens(0.5) ? chance.list(3, () => this.value(depth - 1)) : this.object(depth - 1);
  }
}
