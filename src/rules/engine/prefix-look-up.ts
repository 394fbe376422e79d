import type { LookUp, Visitor } from './look-up.js';
import { ValueLookUp } from './value-look-up.js';

/** A hash of prefixes for each length that they have: a text is cut to each length and looked up. */
export class PrefixLookUp<C> implements LookUp<C> {
  /** The shortest first. */
  private readonly byLength: readonly { readonly length: number; readonly prefixes: ValueLookUp<C> }[];

  constructor(entries: readonly (readonly [prefix: string, candidate: C])[]) {
    const lengths = [...new Set(entries.map(([prefix]) => prefix.length))].sort((a, b) => a - b);
    this.byLength = lengths.map((length) => ({
      length,
      prefixes: new ValueLookUp(entries.filter(([prefix]) => prefix.length === length)),
    }));
  }

  find(fact: unknown, visitor: Visitor<C>): void {
    if (typeof fact !== 'string') return;
    for (const { length, prefixes } of this.byLength) {
      if (length > fact.length) return;
      prefixes.find(fact.slice(0, length), visitor);
    }
  }
}
