import type { CanonicalEvent } from '../../../src/contracts/event.js';
import type { ConditionNode, Rule, RuleSources } from '../../../src/rules/rule.js';
import { generateEvent } from './generate-event.js';
import { generateCommonTests, generateTest } from './generate-test.js';
import type { Chance } from './seeded.js';
import { ENTRIES, LISTS } from './values.js';

const ZONES = ['Europe/Berlin', 'Asia/Kolkata', 'America/New_York'];

/** What the conditions of a group are made for. */
interface Place {
  /** Shared conditions that they can refer to. */
  readonly names: readonly string[];
  readonly isShared: boolean;
}

/** Rules and events that meet often: both draw from the same few members and values. */
export class Generator {
  constructor(private readonly chance: Chance) {}

  sources(count: number): RuleSources {
    const conditions: Record<string, ConditionNode> = {};
    for (const name of ['one', 'two', 'three']) {
      conditions[name] = this.group(2, { names: Object.keys(conditions), isShared: true });
    }
    const names = Object.keys(conditions);
    const rules = Array.from({ length: count }, (_, index) => this.rule(`rule-${String(index)}`, names));
    return { rules, conditions, lists: LISTS };
  }

  event(): CanonicalEvent {
    return generateEvent(this.chance);
  }

  private rule(id: string, names: readonly string[]): Rule {
    const { chance } = this;
    return {
      id,
      version: '0',
      description: '',
      mode: 'live',
      on: [chance.pick(ENTRIES), ...chance.list(1, () => chance.pick(ENTRIES))],
      conditions: chance.happens(0.05)
        ? { condition: chance.pick(names) }
        : this.group(3, { names, isShared: false }),
      ...(chance.happens(0.3) && { timeZone: chance.pick(ZONES) }),
      actions: [],
    };
  }

  private group(depth: number, place: Place): ConditionNode {
    const { chance } = this;
    const kind = chance.pick(['all', 'all', 'any', 'not']);
    if (kind === 'not') return { not: this.condition(depth - 1, place) };
    const common = chance.happens(0.2) ? generateCommonTests(chance) : [];
    return { [kind]: [...common, ...chance.list(4, () => this.condition(depth - 1, place))] };
  }

  private condition(depth: number, place: Place): ConditionNode {
    const { chance } = this;
    const { names, isShared } = place;
    const priority = chance.happens(0.2) ? { priority: chance.pick([1, 2, 50]) } : {};
    if (names.length > 0 && chance.happens(0.08)) return { condition: chance.pick(names), ...priority };
    if (depth > 0 && chance.happens(0.3)) return { ...this.group(depth, place), ...priority };
    return { ...generateTest(chance, isShared), ...priority };
  }
}
