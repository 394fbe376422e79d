import { TypeIndex, type Indexed } from './type-index.js';
import { compileTypePattern, isTypePattern } from './type-pattern.js';

/** Types come from senders, so what is remembered of them is bounded. */
const REMEMBERED = 2_048;

/** Those that share one entry of `on`, by their places in the stable order. */
interface Subscription {
  readonly matches: (type: string) => boolean;
  readonly places: number[];
}

/**
 * Finds the index for a type. An index is built when the first event of its type comes, and shared by all types
 * that the same entries of `on` concern; so a flood of made-up types costs a few comparisons each, not an index.
 */
export class ByType<T extends Indexed> {
  private readonly named = new Map<string, number[]>();
  private readonly patterns = new Map<string, Subscription>();
  private readonly indexes = new Map<string, TypeIndex<T>>();
  private readonly recent = new Map<string, TypeIndex<T>>();

  /**
   * `items` in the order in which answers shall come.
   * @throws Error for a pattern that is none.
   */
  constructor(private readonly items: readonly T[]) {
    items.forEach(({ on }, place) => {
      for (const entry of new Set(on)) this.placesOf(entry).push(place);
    });
  }

  indexOf(type: string): TypeIndex<T> {
    return this.recent.get(type) ?? remember(this.recent, type, this.findIndex(type));
  }

  private placesOf(entry: string): number[] {
    if (isTypePattern(entry)) {
      let subscription = this.patterns.get(entry);
      if (subscription === undefined) {
        subscription = { matches: compileTypePattern(entry), places: [] };
        this.patterns.set(entry, subscription);
      }
      return subscription.places;
    }
    const known = this.named.get(entry) ?? [];
    this.named.set(entry, known);
    return known;
  }

  private findIndex(type: string): TypeIndex<T> {
    const named = this.named.get(type);
    const patterns = [...this.patterns].filter(([, { matches }]) => matches(type));
    const key = JSON.stringify([named && type, ...patterns.map(([entry]) => entry)]);
    const known = this.indexes.get(key);
    if (known !== undefined) return known;
    const found = new Set([...(named ?? []), ...patterns.flatMap(([, { places }]) => places)]);
    const items = [...found].sort((a, b) => a - b).map((place) => this.items[place] as T);
    return remember(this.indexes, key, new TypeIndex(items));
  }
}

function remember<T extends Indexed>(
  cache: Map<string, TypeIndex<T>>,
  key: string,
  index: TypeIndex<T>,
): TypeIndex<T> {
  if (cache.size >= REMEMBERED) {
    const [oldest] = cache.keys();
    if (oldest !== undefined) cache.delete(oldest);
  }
  cache.set(key, index);
  return index;
}
