import type { LookUp, Visitor } from './look-up.js';

/** A hash from each value to those that it may be of. */
export class ValueLookUp<C> implements LookUp<C> {
  private readonly buckets = new Map<unknown, C[]>();

  constructor(entries: Iterable<readonly [value: unknown, candidate: C]>) {
    for (const [value, candidate] of entries) {
      const bucket = this.buckets.get(value);
      if (bucket === undefined) this.buckets.set(value, [candidate]);
      else bucket.push(candidate);
    }
  }

  find(fact: unknown, visitor: Visitor<C>): void {
    const bucket = this.buckets.get(fact);
    if (bucket !== undefined) for (const candidate of bucket) visitor.visit(candidate);
  }
}
