import { RuleCompileError, type CompiledRule } from './compile-rule.js';
import { TypeIndex } from './type-index.js';
import { compileTypePattern, isTypePattern } from './type-pattern.js';

/** Types come from senders, so what is remembered of them is bounded. */
const REMEMBERED = 2_048;

/** The rules that share one entry of `on`, by their places in the set's order. */
interface Subscription {
  readonly matches: (type: string) => boolean;
  readonly rules: number[];
}

/**
 * Finds the index for a type. An index is built when the first event of its type comes, and shared by all types
 * that the same entries of `on` concern; so a flood of made-up types costs a few comparisons each, not an index.
 */
export class RulesByType {
  private readonly named = new Map<string, number[]>();
  private readonly patterns = new Map<string, Subscription>();
  private readonly indexes = new Map<string, TypeIndex>();
  private readonly recent = new Map<string, TypeIndex>();

  constructor(private readonly rules: readonly CompiledRule[]) {
    rules.forEach(({ rule }, place) => {
      for (const entry of new Set(rule.on)) this.placesOf(entry, rule.id).push(place);
    });
  }

  indexOf(type: string): TypeIndex {
    return this.recent.get(type) ?? remember(this.recent, type, this.findIndex(type));
  }

  private placesOf(entry: string, ruleId: string): number[] {
    if (isTypePattern(entry)) {
      let subscription = this.patterns.get(entry);
      if (subscription === undefined) {
        subscription = { matches: patternOf(entry, ruleId), rules: [] };
        this.patterns.set(entry, subscription);
      }
      return subscription.rules;
    }
    const known = this.named.get(entry) ?? [];
    this.named.set(entry, known);
    return known;
  }

  private findIndex(type: string): TypeIndex {
    const named = this.named.get(type);
    const patterns = [...this.patterns].filter(([, { matches }]) => matches(type));
    const key = JSON.stringify([named && type, ...patterns.map(([entry]) => entry)]);
    const known = this.indexes.get(key);
    if (known !== undefined) return known;
    const places = new Set([...(named ?? []), ...patterns.flatMap(([, { rules }]) => rules)]);
    const rules = [...places].sort((a, b) => a - b).map((place) => this.rules[place] as CompiledRule);
    return remember(this.indexes, key, new TypeIndex(rules));
  }
}

function patternOf(entry: string, ruleId: string): (type: string) => boolean {
  try {
    return compileTypePattern(entry);
  } catch (error) {
    throw new RuleCompileError(ruleId, error);
  }
}

function remember(cache: Map<string, TypeIndex>, key: string, index: TypeIndex): TypeIndex {
  if (cache.size >= REMEMBERED) {
    const [oldest] = cache.keys();
    if (oldest !== undefined) cache.delete(oldest);
  }
  cache.set(key, index);
  return index;
}
